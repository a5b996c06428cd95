package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.OwnPreSharedKey.Absent;
import io.mqttoperator.operator.access.OwnPreSharedKey.Found;
import io.mqttoperator.operator.access.OwnPreSharedKey.KeyMissing;
import io.mqttoperator.operator.access.OwnPreSharedKey.NotOffered;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.util.Objects;
import java.util.Optional;

/** Whether the pre-shared key that a user brings can be used; says nothing of the key itself. */
final class OwnKeyRules {

  private static final String FIELD = "spec.preSharedKey.secretRef: ";

  private OwnKeyRules() {}

  static Optional<Verdict> refuse(MqttUser user, OwnPreSharedKey found) {
    var name =
        Objects.requireNonNull(Objects.requireNonNull(user.getSpec().preSharedKey()).secretRef())
            .name();
    return switch (found) {
      case Absent absent ->
          refusal(
              Reason.SECRET_NOT_FOUND,
              FIELD + "there is no Secret %s in this namespace.".formatted(name));
      case NotOffered notOffered ->
          refusal(
              Reason.SECRET_NOT_LABELLED,
              FIELD
                  + "Secret %s is not labelled %s: \"true\", by which its owner offers it to the"
                      .formatted(name, Labels.CREDENTIALS)
                  + " operator.");
      case KeyMissing keyMissing ->
          refusal(
              Reason.SECRET_KEY_MISSING,
              FIELD + "Secret %s has no key %s.".formatted(name, keyMissing.key()));
      case Found key ->
          PreSharedKey.problem(key.bytes().toBytes())
              .flatMap(
                  problem ->
                      refusal(
                          Reason.INVALID_PRE_SHARED_KEY,
                          FIELD + "Secret %s: %s.".formatted(name, problem)));
    };
  }

  private static Optional<Verdict> refusal(Reason reason, String message) {
    return Optional.of(Verdict.no(reason, message));
  }
}
