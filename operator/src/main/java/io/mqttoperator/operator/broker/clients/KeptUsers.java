package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.clients.UserSecretBlueprint.Endpoint;
import io.mqttoperator.operator.memo.Memo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Of one broker's users, what was decided on those whose finalizer and Secret were found to be as
 * they are to be: nothing is compared again until something has changed. To compare is most of the
 * work of a pass over many users.
 */
public final class KeptUsers {

  private static final int MOST_ENDPOINTS = 16;

  private final Memo<UserDecision> kept = Memo.ofInputs();
  private final Map<Endpoint, Endpoint> endpoints = new HashMap<>();

  /** Begins a look at all users. */
  public Look look() {
    if (endpoints.size() > MOST_ENDPOINTS) {
      endpoints.clear();
    }
    return new Look(kept.round());
  }

  /** One look at all users. */
  final class Look {

    private final Memo<UserDecision>.Round round;

    private Look(Memo<UserDecision>.Round round) {
      this.round = round;
    }

    /** The same decision on the same user, if its Secret was found to say it already. */
    Optional<UserDecision> find(UserDecision decided, Endpoint endpoint) {
      return round
          .find(decided.seen().uid(), decided.seen(), stable(endpoint))
          .filter(decided::equals);
    }

    UserDecision put(UserDecision decision, Endpoint endpoint) {
      return round.put(decision.seen().uid(), decision, decision.seen(), stable(endpoint));
    }

    /** Forgets all others. */
    void end() {
      round.end();
    }

    /** The same object as long as it is equal: what was compared with another does not count. */
    private Endpoint stable(Endpoint endpoint) {
      return endpoints.computeIfAbsent(endpoint, same -> same);
    }
  }
}
