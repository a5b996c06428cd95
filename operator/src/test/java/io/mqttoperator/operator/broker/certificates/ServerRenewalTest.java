package io.mqttoperator.operator.broker.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.CertificateStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerRenewalTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  /**
   * Made so long ago, a server certificate is due just about now: Mosquitto and the clients go by
   * the real time, in which the old ones and the new one must be valid.
   */
  private static final Duration LONG_AGO = Duration.ofDays(-60);

  private final Fleet fleet = Fleet.in(API);

  @Test
  void aServerCertificateIsRenewedUnderALiveConnection() {
    var clock = new LaterClock(LONG_AGO);
    try (var operator = API.operator(fleet.namespace(), clock)) {
      fleet.broker("{}");
      fleet.user("anna", "");
      fleet.acl("up", "up/{username}");
      fleet.awaitAccepted();
      try (var pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Enforced");
        fleet.awaitCondition(MqttAcl.class, "up", "Ready=True:Enforced");
        var first = server();
        var events = issued();
        var told = pod.annotations().size();
        try (var anna = fleet.connect(pod, "anna")) {
          assertThat(anna.certificate().getSerialNumber().toString(16)).isEqualTo(first.serial());

          clock.ahead(Duration.between(Instant.now(), due(first)).plusSeconds(1));
          operator.wake(fleet.namespace(), Fleet.BROKER);
          await()
              .atMost(Fleet.BOUND)
              .until(() -> !server().serial().equals(first.serial()) && isProven());
          assertThat(pod.annotations()).hasSize(told + 1);
          assertThat(pod.file("server.crt")).isEqualTo(fleet.value("fleet-server", "tls.crt"));
          assertThat(issued()).isEqualTo(events + 1);
          assertThat(anna.mayPublish("up/anna")).isTrue();
          assertThat(anna.ended()).isNotDone();
        }
        try (var next = fleet.connect(pod, "anna")) {
          assertThat(next.certificate().getSerialNumber().toString(16))
              .isEqualTo(server().serial());
          assertThat(next.certificate().getNotAfter().toInstant()).isAfter(due(first));
        }
      }
    }
  }

  private static Instant due(CertificateStatus certificate) {
    return Instant.parse(certificate.renewAt());
  }

  private CertificateStatus server() {
    return fleet.status(MqttBrokerStatus::certificates).stream()
        .filter(certificate -> "server".equals(certificate.name()))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the pod was seen to enforce the revision that is stored. */
  private boolean isProven() {
    var newest = fleet.value("fleet-files", "revision").strip();
    return fleet.status(MqttBrokerStatus::pods).stream()
            .allMatch(pod -> newest.equals(pod.accessRevision()))
        && fleet
            .condition(MqttBroker.class, Fleet.BROKER, "AccessEnforced")
            .equals("AccessEnforced=True:Enforced");
  }

  private long issued() {
    return API.notes(fleet.namespace(), "CertificateIssued").stream()
        .filter(note -> note.contains("server"))
        .count();
  }
}
