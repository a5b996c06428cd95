package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.memo.Memo;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Of one broker's users, what was decided on each before its certificate: nothing is decided again
 * on one that is the same observation, under the same listeners.
 */
final class DecidedUsers {

  private final Memo<UserDecision> decided = Memo.ofInputs();
  private Set<ClientAuthentication> listeners = Set.of();

  /**
   * Decides on all users, by UID.
   *
   * @param stored what to fall back on where a user's own hash is not to be used
   */
  Map<String, UserDecision> decide(
      List<UserObservation> users, Set<ClientAuthentication> offered, StoredHashes stored) {
    // The same object as long as it is equal.
    listeners = listeners.equals(offered) ? listeners : offered;
    var round = decided.round();
    var byUser = HashMap.<String, UserDecision>newHashMap(users.size());
    for (var user : users) {
      byUser.put(
          user.uid(),
          round.find(user.uid(), user, listeners).orElseGet(() -> decide(user, stored, round)));
    }
    round.end();
    return byUser;
  }

  private UserDecision decide(
      UserObservation user, StoredHashes stored, Memo<UserDecision>.Round round) {
    var decision = CredentialRules.decide(user, listeners, stored);
    // What pods have had until now is another input, and another with each version of the shards.
    return Password.KEEP_LAST_GOOD.contains(decision.accepted().reason())
        ? decision
        : round.put(user.uid(), decision, user, listeners);
  }
}
