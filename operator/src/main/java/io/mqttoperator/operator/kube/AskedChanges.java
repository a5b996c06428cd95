package io.mqttoperator.operator.kube;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is asked of brokers and not yet proven: since when, and whether it can wait for the small
 * writes of a pass that is under way.
 */
public final class AskedChanges {

  /** Milliseconds of the clock, and the first of several. */
  private record Asked(long since, boolean canWait) {

    Asked and(Asked other) {
      return new Asked(Math.min(since, other.since), canWait && other.canWait);
    }
  }

  private final Clock clock;
  private final Map<ResourceKey, Asked> unseen = new ConcurrentHashMap<>();
  private final Map<ResourceKey, Asked> unproven = new ConcurrentHashMap<>();

  public AskedChanges(Clock clock) {
    this.clock = clock;
  }

  /** Something is asked of {@code key}. */
  public void add(ResourceKey key, boolean canWait) {
    unseen.merge(key, new Asked(clock.millis(), canWait), Asked::and);
  }

  /**
   * A pass begins: it sees all that was asked before.
   *
   * @return whether something of that, or of what no pass could prove yet, cannot wait
   */
  public boolean begin(ResourceKey key) {
    var asked = unseen.remove(key);
    if (asked != null) {
      unproven.merge(key, asked, Asked::and);
    }
    var open = unproven.get(key);
    return open != null && !open.canWait();
  }

  /** Whether something was asked since the pass began that cannot wait. */
  public boolean isUrgent(ResourceKey key) {
    var asked = unseen.get(key);
    return asked != null && !asked.canWait();
  }

  /**
   * All that the pass has seen is proven.
   *
   * @return how long that took, from the first that was asked; empty if nothing was
   */
  public Optional<Duration> proven(ResourceKey key) {
    return Optional.ofNullable(unproven.remove(key))
        .map(asked -> Duration.ofMillis(Math.max(0, clock.millis() - asked.since())));
  }

  /** What could not wait is proven; something that can was left out. */
  public void provenInPart(ResourceKey key) {
    unproven.computeIfPresent(key, (any, asked) -> new Asked(asked.since(), true));
  }

  /** Passes begin only now: what was asked before is counted from here. */
  public void start() {
    var now = clock.millis();
    unseen.replaceAll((key, asked) -> new Asked(now, asked.canWait()));
  }

  /** The broker is gone. */
  public void forget(ResourceKey key) {
    unproven.remove(key);
  }
}
