package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of certificates that others make: as openssl's client sees them, while another client
 * stays connected.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OwnCertificateE2eTest {

  private static final int INNER = 8885;

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        listeners:
          - {name: mqtts, port: 8883, clientId: Any}
          - {name: inner, port: 8885, clientId: Any, tls: {secretRef: {name: inner-tls}}}
        certificates: {server: {secretRef: {name: fleet-tls}}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drone}
      spec: {brokerRef: {name: fleet}}
      """;

  private static final String ISSUED_BY_OWN =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: plant}
      spec:
        certificates: {authority: {secretRef: {name: company-ca}}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: sensor}
      spec: {brokerRef: {name: plant}}
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final ForeignAuthority authority = new ForeignAuthority();
  private Map<String, String> first = Map.of();
  private Map<String, String> second = Map.of();
  private List<Session> clients = List.of();
  private Map<String, String> incarnation = Map.of();

  OwnCertificateE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void waitForTheCertificateThenServeIt() {
    first = authority.server(broker.host());
    second = authority.server(broker.host());
    offer("inner-tls", authority.server(broker.host()));
    cluster.apply(BROKER);
    cluster.awaitCondition("mqb", "fleet", "Accepted", "False", "SecretNotFound");
    assertThat(broker.pods()).as("no pod without its certificate").isEmpty();

    offer("fleet-tls", first);
    cluster.applyAndAwait(BROKER);
    incarnation = broker.incarnation();
    clients = List.of(broker.client("drone").connect());
  }

  @AfterAll
  void close() {
    clients.forEach(Session::close);
    authority.close();
  }

  @Test
  @Order(1)
  void itIsServedAndUsersAreToldToTrustItsAuthority() {
    assertThat(authority.shownBy(broker, Broker.DEFAULT_PORT)).isEqualTo(authority.serial(first));
    assertThat(authority.shownBy(broker, INNER))
        .isNotEqualTo(authority.serial(first))
        .matches("[0-9a-f]+");
    assertThat(broker.trustBundle()).isEqualTo(authority.certificate());
    assertThat(Login.text(cluster.secret("drone-mqtt"), "ca.crt"))
        .isEqualTo(authority.certificate());
    assertThat(status("server")).isEqualTo(authority.serial(first));
    assertThat(status("listener-inner")).isEqualTo(authority.shownBy(broker, INNER));
  }

  @Test
  @Order(2)
  void aNewOneIsLoadedAndNobodyNotices() {
    offer("fleet-tls", second);
    awaitShown(second);
    Awaitility.await("its serial in the status")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> status("server").equals(authority.serial(second)));
    cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
    nobodyHasNoticed();
  }

  @Test
  @Order(3)
  void aBadOneIsSaidAndChangesNothing() {
    offer("fleet-tls", Map.of("tls.crt", second.get("tls.crt"), "tls.key", first.get("tls.key")));
    var refused = cluster.awaitCondition("mqb", "fleet", "Accepted", "False", "InvalidCertificate");
    assertThat(refused.message())
        .contains("Secret fleet-tls", "does not belong", authority.serial(second));
    assertThat(cluster.condition("mqb", "fleet", "CertificatesReady").orElseThrow().status())
        .isEqualTo("True");
    assertThat(authority.shownBy(broker, Broker.DEFAULT_PORT)).isEqualTo(authority.serial(second));

    // Everything else goes on.
    cluster.apply(BROKER.substring(BROKER.indexOf("---")).replace("drone", "kite"));
    cluster.awaitReady("mqu", "kite", Cluster.APPLY_LIMIT);
    broker.client("kite").connect().close();
    nobodyHasNoticed();
  }

  @Test
  @Order(4)
  void withoutItsSecretTheLastGoodOneIsServedOn() {
    cluster.client().secrets().inNamespace(cluster.namespace()).withName("fleet-tls").delete();
    cluster.awaitCondition("mqb", "fleet", "Accepted", "False", "SecretNotFound");
    assertThat(authority.shownBy(broker, Broker.DEFAULT_PORT)).isEqualTo(authority.serial(second));
    nobodyHasNoticed();

    offer("fleet-tls", first);
    awaitShown(first);
    cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
    nobodyHasNoticed();
  }

  @Test
  @Order(5)
  void anAuthorityOfOnesOwnIssuesTheServerCertificate() {
    offer("company-ca", authority.authority());
    cluster.applyAndAwait(ISSUED_BY_OWN);
    var plant = cluster.broker("plant");
    assertThat(authority.shownBy(plant, Broker.DEFAULT_PORT)).matches("[0-9a-f]+");
    assertThat(plant.trustBundle()).isEqualTo(authority.certificate());
    plant.client("sensor").connect().close();
    List<String> warnings = cluster.get("mqb", "plant").get("status", "warnings");
    assertThat(warnings)
        .anyMatch(warning -> warning.contains("can sign a certificate for any name"));
  }

  private void nobodyHasNoticed() {
    clients.forEach(client -> client.subscribe("none"));
    assertThat(clients).isNotEmpty().allMatch(Session::isConnected);
    assertThat(broker.incarnation()).isEqualTo(incarnation);
  }

  private void awaitShown(Map<String, String> certificate) {
    Awaitility.await("openssl is shown " + authority.serial(certificate))
        .atMost(Cluster.APPLY_LIMIT)
        .until(
            () ->
                authority
                    .shownBy(broker, Broker.DEFAULT_PORT)
                    .equals(authority.serial(certificate)));
  }

  private void offer(String name, Map<String, String> data) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(cluster.namespace())
            .withName(name)
            .addToLabels("mqttoperator.io/credentials", "true")
            .endMetadata()
            .withType("kubernetes.io/tls")
            .withStringData(data)
            .build();
    cluster.client().resource(secret).createOr(NonDeletingOperation::update);
  }

  private String status(String name) {
    List<Map<String, Object>> certificates =
        cluster.get("mqb", "fleet").get("status", "certificates");
    return certificates.stream()
        .filter(certificate -> name.equals(certificate.get("name")))
        .map(certificate -> String.valueOf(certificate.get("serial")))
        .findFirst()
        .orElse("");
  }
}
