package io.mqttoperator.operator.mqtt;

import io.mqttoperator.operator.mqtt.PodReport.Enforcement;
import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows how one pod comes from one revision to the next. Used on the event loop alone.
 *
 * <p>What comes after the first proof of a revision does not count: nothing is read then.
 */
final class EnforcementWatch {

  private final InstantSource clock;

  private @Nullable String asked;
  private @Nullable String enforced;
  private Duration longest = Duration.ZERO;
  private @Nullable Enforcement last;

  EnforcementWatch(InstantSource clock) {
    this.clock = clock;
  }

  /** An answer to the question for a revision, and how long Mosquitto took for it. */
  void heard(String revision, ProofResult result, Duration elapsed) {
    if (revision.equals(enforced)) {
      return;
    }
    if (!revision.equals(asked)) {
      asked = revision;
      longest = Duration.ZERO;
    }
    longest = elapsed.compareTo(longest) > 0 ? elapsed : longest;
    if (result instanceof Enforced) {
      enforced = revision;
      last = new Enforcement(clock.instant(), longest);
    }
  }

  Optional<Enforcement> last() {
    return Optional.ofNullable(last);
  }
}
