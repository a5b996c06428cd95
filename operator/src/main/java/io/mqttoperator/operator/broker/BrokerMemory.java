package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.UserDecision;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the operator remembers of a broker between passes. All of it can be lost: a new operator
 * proves what there is before it says anything else.
 */
final class BrokerMemory {

  final PasswordHashes hashes = new PasswordHashes();

  private final Map<String, String> provenInputs = new HashMap<>();
  private String revision = "";
  private int attempt;

  /**
   * Whether labels or the own Secret of a user changed since they were proven.
   *
   * @param isNewRevision whether the files differ from those stored: all that is known of users
   *     that this operator has not proven yet
   */
  boolean inputsChanged(UserDecision user, boolean isNewRevision) {
    var proven = provenInputs.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.equals(user.seen().inputs());
  }

  void proven(Iterable<UserDecision> users) {
    provenInputs.clear();
    users.forEach(user -> provenInputs.put(user.seen().uid(), user.seen().inputs()));
  }

  /** How often the pods were told of a revision without a proof. */
  int attempt(String newest) {
    if (!Objects.equals(revision, newest)) {
      revision = newest;
      attempt = 0;
    }
    return attempt;
  }

  void failedAttempt() {
    attempt++;
  }

  void succeeded() {
    attempt = 0;
  }
}
