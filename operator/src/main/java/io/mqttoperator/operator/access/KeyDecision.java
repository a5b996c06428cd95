package io.mqttoperator.operator.access;

import io.mqttoperator.operator.access.OwnPreSharedKey.Found;
import io.mqttoperator.operator.access.SeenPreSharedKey.Written;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.util.Optional;

/** Which pre-shared key a user has now: a decision, and the key if there is one. */
public sealed interface KeyDecision {

  /** One made here. */
  record Generated(PreSharedKey made, int generation) implements KeyDecision {}

  /** The user's own, at its Secret's version. */
  record Own(PreSharedKey found, String resourceVersion) implements KeyDecision {}

  /** The last good one: the newest cannot be used. */
  record LastGood(PreSharedKey kept) implements KeyDecision {}

  /** A new one is to be generated. */
  record ToGenerate(int generation) implements KeyDecision {}

  /** None: not asked for, or the user is refused. */
  record None() implements KeyDecision {}

  /** Decides on a user's key; {@code accepted} is the verdict of {@link UserRules}. */
  static KeyDecision decide(UserObservation seen, Verdict accepted) {
    if (Password.KEEP_LAST_GOOD.contains(accepted.reason())) {
      return lastGood(seen);
    }
    var asked = seen.user().getSpec().preSharedKey();
    if (!accepted.isTrue() || asked == null) {
      return new None();
    }
    if (seen.preSharedKey().own().orElse(null) instanceof Found found) {
      return new Own(PreSharedKey.parse(found.bytes().toBytes()), found.resourceVersion());
    }
    int generation = Optional.ofNullable(asked.generation()).orElse(1);
    return seen.preSharedKey()
        .current()
        .filter(current -> current.generation() == generation)
        .flatMap(KeyDecision::read)
        // One that somebody else wrote into our Secret may be weak: it is replaced.
        .filter(PreSharedKey::isFullLength)
        .<KeyDecision>map(key -> new Generated(key, generation))
        .orElseGet(() -> new ToGenerate(generation));
  }

  /** For a refusal that takes nothing from who could log in before; a new user has none. */
  static KeyDecision lastGood(UserObservation seen) {
    var asked = seen.user().getSpec().preSharedKey();
    if (asked == null) {
      return new None();
    }
    // One that is to be replaced may be stolen, whatever else is wrong with the user.
    int least = asked.secretRef() == null ? Optional.ofNullable(asked.generation()).orElse(1) : 0;
    return seen.preSharedKey()
        .current()
        .filter(current -> current.generation() >= least)
        .flatMap(KeyDecision::read)
        .<KeyDecision>map(LastGood::new)
        .orElseGet(None::new);
  }

  private static Optional<PreSharedKey> read(Written written) {
    var bytes = written.bytes().toBytes();
    return PreSharedKey.problem(bytes).isEmpty()
        ? Optional.of(PreSharedKey.parse(bytes))
        : Optional.empty();
  }

  /** The key, where there is one. */
  default Optional<PreSharedKey> key() {
    return switch (this) {
      case Generated generated -> Optional.of(generated.made());
      case Own own -> Optional.of(own.found());
      case LastGood lastGood -> Optional.of(lastGood.kept());
      case ToGenerate toGenerate -> Optional.empty();
      case None none -> Optional.empty();
    };
  }
}
