package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.UserSecretBlueprint.Endpoint;
import io.mqttoperator.operator.memo.Memo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Of one broker's users, what was decided on those whose finalizer and Secret were found to be as
 * they are to be: nothing is compared again until something has changed. To compare is most of the
 * work of a pass over many users.
 */
final class KeptUsers {

  private final Memo<UserDecision> kept = new Memo<>();
  private @Nullable Endpoint endpoint;

  /** Begins a look at all users. */
  Look look(Optional<Endpoint> now) {
    // The same object as long as it is equal: what was compared with another does not count.
    if (!now.equals(Optional.ofNullable(endpoint))) {
      endpoint = now.orElse(null);
    }
    return new Look(kept.round(), endpoint);
  }

  /** One look at all users. */
  static final class Look {

    private final Memo<UserDecision>.Round round;
    private final @Nullable Endpoint endpoint;

    private Look(Memo<UserDecision>.Round round, @Nullable Endpoint endpoint) {
      this.round = round;
      this.endpoint = endpoint;
    }

    Optional<UserDecision> find(UserObservation user) {
      return round.find(user.uid(), user, endpoint);
    }

    UserDecision put(UserObservation user, UserDecision decision) {
      return round.put(user.uid(), decision, user, endpoint);
    }

    /** Forgets all others. */
    void end() {
      round.end();
    }
  }
}
