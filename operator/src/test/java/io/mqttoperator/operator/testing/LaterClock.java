package io.mqttoperator.operator.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Shows the real time, or one so much later. */
public final class LaterClock extends Clock {

  private volatile Duration ahead;

  public LaterClock() {
    this(Duration.ZERO);
  }

  /** {@code ahead} may be negative: the past lets certificates come due that are valid by now. */
  public LaterClock(Duration ahead) {
    this.ahead = ahead;
  }

  /** From now on so much later than the real time. */
  public void ahead(Duration time) {
    ahead = time;
  }

  /** By how much it is later. */
  public Duration ahead() {
    return ahead;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }
}
