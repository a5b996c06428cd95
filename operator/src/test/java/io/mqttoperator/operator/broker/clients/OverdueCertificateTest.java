package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus.UserCertificateStatus;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Users whose certificates are not renewed are told, once each, in a real API server. */
@Execution(ExecutionMode.CONCURRENT)
class OverdueCertificateTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String LISTENERS =
      "listeners: [{name: mqtts, port: 8883}, {name: devices, port: 8885, authentication: Certificate}]";
  private static final String OVERDUE = "CertificateOverdue=True:RenewalOverdue";

  /** Renewed a third of 90 days before its end. */
  private static final Duration UNTIL_OVERDUE = Duration.ofDays(61);

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock();

  private void password(String value) {
    fleet.secret("own", Map.of(Labels.CREDENTIALS, "true"), Map.of("password", value));
  }

  /** Of which users it was said, each time. */
  private List<String> told() {
    return API
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(fleet.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> "RenewalOverdue".equals(event.getReason()))
        .filter(event -> "Warning".equals(event.getType()))
        .map(event -> event.getRegarding().getName())
        .sorted()
        .toList();
  }

  private String overdue(String user) {
    return fleet.condition(MqttUser.class, user, Conditions.CERTIFICATE_OVERDUE);
  }

  private UserCertificateStatus certificate(String user) {
    return Objects.requireNonNull(fleet.get(MqttUser.class, user).getStatus().certificate());
  }

  /** Nothing is written in so many passes. */
  private void assertSteady(RunningOperator operator) {
    await()
        .atMost(Fleet.BOUND)
        .until(
            () -> {
              var writes = operator.requests().writes().size();
              var passes = operator.passes();
              await()
                  .atMost(Fleet.BOUND)
                  .until(
                      () -> {
                        operator.wake(fleet.namespace(), Fleet.BROKER);
                        return operator.passes() > passes + 3;
                      });
              return operator.requests().writes().size() == writes;
            });
  }

  @Test
  void isToldOnceUntilItIsRenewed() {
    password("good");
    try (var operator = API.operator(fleet.namespace(), clock)) {
      fleet.broker("{" + LISTENERS + "}");
      for (var user : List.of("anna", "bert")) {
        fleet.user(user, "certificate: {}, password: {secretRef: {name: own}}");
      }
      fleet.user("carl", "certificate: {}");
      for (var user : List.of("anna", "bert", "carl")) {
        fleet.awaitUser(user);
      }
      // What cannot be taken back at once: who is not accepted is issued nothing.
      password("bad\n");
      fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:InvalidPassword");
      fleet.awaitCondition(MqttUser.class, "bert", "Accepted=False:InvalidPassword");
      var due = certificate("anna");
      var renewed = certificate("carl").serial();
      assertThat(told()).isEmpty();

      clock.ahead(UNTIL_OVERDUE);
      operator.wake(fleet.namespace(), Fleet.BROKER);
      fleet.awaitCondition(MqttUser.class, "anna", OVERDUE);
      fleet.awaitCondition(MqttUser.class, "bert", OVERDUE);
      await().atMost(Fleet.BOUND).until(() -> !certificate("carl").serial().equals(renewed));
      assertThat(overdue("carl")).isEmpty();
      assertThat(fleet.message(MqttUser.class, "anna", Conditions.CERTIFICATE_OVERDUE))
          .contains(due.serial(), due.renewAt(), due.notAfter(), "not accepted");
      assertThat(certificate("anna")).isEqualTo(due);
      assertSteady(operator);
      assertThat(told()).containsExactly("anna", "bert");
    }
    try (var restarted = API.operator(fleet.namespace(), clock)) {
      assertSteady(restarted);
      assertThat(told()).containsExactly("anna", "bert");

      password("good again");
      await().atMost(Fleet.BOUND).until(() -> overdue("anna").isEmpty());
      await().atMost(Fleet.BOUND).until(() -> overdue("bert").isEmpty());
      assertSteady(restarted);
      assertThat(told()).containsExactly("anna", "bert");
    }
  }

  @Test
  void isToldWhileTheBrokerIsPaused() {
    try (var operator = API.operator(fleet.namespace(), clock)) {
      fleet.broker("{" + LISTENERS + "}");
      fleet.user("anna", "certificate: {}");
      fleet.awaitUser("anna");
      fleet.broker("{paused: true, " + LISTENERS + "}");
      fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Ready=False:Paused");

      clock.ahead(UNTIL_OVERDUE);
      operator.wake(fleet.namespace(), Fleet.BROKER);
      fleet.awaitCondition(MqttUser.class, "anna", OVERDUE);
      assertSteady(operator);
      assertThat(told()).containsExactly("anna");

      fleet.broker("{" + LISTENERS + "}");
      await().atMost(Fleet.BOUND).until(() -> overdue("anna").isEmpty());
      assertThat(told()).containsExactly("anna");
    }
  }
}
