package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Verdict;

/** What is decided about one user in one pass. */
public record UserDecision(UserObservation seen, Verdict accepted, Password password) {

  public MqttUser user() {
    return seen.user();
  }

  /** Whether the user stands in the broker's files. */
  public boolean mayLogIn() {
    return !seen.isDisabled() && !seen.isBeingDeleted() && password.isKnown();
  }

  /** The same with a password that has been made meanwhile. */
  public UserDecision with(Password made) {
    return new UserDecision(seen, accepted, made);
  }
}
