package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.KeyDecision;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserRules;
import io.mqttoperator.operator.broker.profile.UserCertificateSettings;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.util.Optional;
import java.util.Set;

/** Whether a user is accepted, and what it is to show. Pure: nothing is generated or issued. */
public final class CredentialRules {

  private CredentialRules() {}

  /**
   * Decides on a user.
   *
   * @param listeners by what they let clients in
   * @param stored what to fall back on where a user's own hash is not to be used
   */
  public static UserDecision decide(
      UserObservation user, Set<ClientAuthentication> listeners, StoredHashes stored) {
    var asked = Optional.ofNullable(user.user().getSpec().certificate());
    var checked = UserRules.check(user, listeners);
    var accepted =
        asked
            .filter(any -> checked.isTrue())
            .flatMap(UserCertificateSettings::problem)
            .map(problem -> Verdict.no(Reason.INVALID, "spec.certificate: " + problem))
            .orElse(checked);
    var password = Password.decide(user, accepted, stored);
    var decision = new UserDecision(user, accepted, password, KeyDecision.decide(user, accepted));
    return asked.isEmpty()
        ? decision
        : decision.with(new ClientCertificate.Awaited("Its certificate is being issued."), false);
  }
}
