package io.mqttoperator.operator.broker.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.CertificateStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.OpensslAuthority;
import io.mqttoperator.operator.testing.ServingPod;
import io.mqttoperator.operator.testing.UserConnection;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The life of a server certificate that others make, before a real API server and Mosquitto. */
class OwnCertificateTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final Map<String, String> OFFERED = Map.of("mqttoperator.io/credentials", "true");
  private static final String OWN = "{certificates: {server: {secretRef: {name: web}}}}";

  private final Fleet fleet = Fleet.in(API);
  @TempDir Path folder;
  private OpensslAuthority authority;

  @BeforeEach
  void make() {
    authority = new OpensslAuthority(folder, "somebody's CA");
  }

  @Test
  void aGoodOneIsServedAndABadOneChangesNothing() {
    var first = leaf();
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker(OWN);
      fleet.user("anna", "");
      fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:SecretNotFound");
      assertThat(fleet.find(io.fabric8.kubernetes.api.model.apps.StatefulSet.class, Fleet.BROKER))
          .isEmpty();
      offer(first);
      fleet.awaitAccepted();
      try (var pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Enforced");
        try (var anna = fleet.connect(pod, "anna")) {
          assertThat(anna.certificate()).isEqualTo(first.certificate());
          assertThat(server().serial()).isEqualTo(serial(first));
          assertThat(server().renewAt()).isNull();
          assertThat(fleet.get(ConfigMap.class, "fleet-trust").getData())
              .containsEntry("ca.crt", authority.certificatePem());

          var second = leaf();
          offer(second);
          awaitShown(pod, second);

          fleet.secret(
              "web",
              OFFERED,
              Map.of("tls.crt", first.certificatePem(), "tls.key", second.keyPem()));
          refused("InvalidCertificate", "does not belong to the certificate");
          fleet.secret("web", Map.of(), data(first));
          refused("SecretNotLabelled", "is not labelled");
          offer(second);
          fleet.awaitAccepted();
          fleet.delete(Secret.class, "web");
          refused("SecretNotFound", "there is no Secret web");
          awaitShown(pod, second);
          assertThat(pod.file("server.crt")).isEqualTo(second.certificatePem());
          assertThat(anna.ended()).isNotDone();
        }
      }
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void theLastGoodOneOutlivesTheOperator() {
    var good = leaf();
    offer(good);
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker(OWN);
      fleet.awaitAccepted();
      assertThat(operator.requests().isCut()).isFalse();
    }
    fleet.secret("web", OFFERED, Map.of("tls.crt", "nonsense", "tls.key", "nonsense"));
    try (var operator = API.operator(fleet.namespace())) {
      refused("InvalidCertificate", "The last good one (serial " + serial(good) + ")");
      fleet.user("anna", "");
      fleet.awaitUser("anna");
      assertThat(fleet.value("fleet-server", "tls.crt")).isEqualTo(good.certificatePem());
      assertThat(fleet.value("anna-mqtt", "ca.crt")).isEqualTo(authority.certificatePem());
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aListenerShowsItsOwn() {
    var own = leaf();
    offer(own);
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.user("anna", "");
      fleet.awaitAccepted();
      try (var pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Enforced");
        var mosquitto = pod.mosquitto();
        try (var anna = fleet.connect(pod, "anna")) {
          fleet.broker("{listeners: [{name: mqtts, port: 8883, tls: {secretRef: {name: web}}}]}");
          awaitShown(pod, own);
          assertThat(anna.ended()).isNotDone();
          var bad = Map.of("tls.crt", own.certificatePem(), "tls.key", leaf().keyPem());
          fleet.secret("web", OFFERED, bad);
          refused("InvalidCertificate", "spec.listeners, mqtts: tls.secretRef");
          awaitShown(pod, own);
          fleet.broker("{}");
          fleet.awaitAccepted();
          await()
              .atMost(Fleet.BOUND)
              .until(() -> !pod.file("mosquitto.conf").contains("listener-mqtts"));
          assertThat(anna.ended()).isNotDone();
        }
        assertThat(pod.mosquitto()).as("all by reloads").isEqualTo(mosquitto);
      }
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  private void refused(String reason, String message) {
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:" + reason);
    assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted")).contains(message);
  }

  private void awaitShown(ServingPod pod, OpensslAuthority.Leaf leaf) {
    await("serial " + serial(leaf))
        .atMost(Fleet.BOUND)
        .ignoreExceptions()
        .until(
            () -> {
              try (var next = connect(pod)) {
                return next.certificate().equals(leaf.certificate());
              }
            });
  }

  /** As another user would be: one more connection of the same one would end the first. */
  private UserConnection connect(ServingPod pod) {
    if (fleet.find(MqttUser.class, "bert").isEmpty()) {
      fleet.user("bert", "");
      fleet.awaitCondition(MqttUser.class, "bert", "Enforced=True:Enforced");
    }
    return fleet.connect(pod, "bert");
  }

  private OpensslAuthority.Leaf leaf() {
    return authority.server("fleet.%s.svc.cluster.local".formatted(fleet.namespace()));
  }

  private void offer(OpensslAuthority.Leaf leaf) {
    fleet.secret("web", OFFERED, data(leaf));
  }

  private Map<String, String> data(OpensslAuthority.Leaf leaf) {
    return Map.of(
        "tls.crt", leaf.certificatePem(),
        "tls.key", leaf.keyPem(),
        "ca.crt", authority.certificatePem());
  }

  private CertificateStatus server() {
    return fleet.status(MqttBrokerStatus::certificates).stream()
        .filter(certificate -> "server".equals(certificate.name()))
        .findFirst()
        .orElseThrow();
  }

  private static String serial(OpensslAuthority.Leaf leaf) {
    var hex = leaf.certificate().getSerialNumber().toString(16);
    return hex.length() % 2 == 0 ? hex : "0" + hex;
  }
}
