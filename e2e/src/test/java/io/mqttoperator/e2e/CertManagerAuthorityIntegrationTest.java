package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
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
 * {@code examples/cert-manager/authority.yaml} with a real cert-manager: what its CA's renewal
 * means for devices that have an old {@code ca.crt} and an old certificate. {@code
 * e2e/integrations/run} runs it.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CertManagerAuthorityIntegrationTest {

  private static final int DEVICES = 8886;

  private static final String USERS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: plant}
      spec:
        listeners:
        - {name: mqtts, port: 8883}
        - {name: devices, port: 8886, authentication: Certificate}
        certificates: {authority: {secretRef: {name: plant-authority}}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: stays}
      spec: {brokerRef: {name: plant}, certificate: {}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: late}
      spec: {brokerRef: {name: plant}, certificate: {}}
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final CertManagerCertificate authority;
  private List<Session> sessions = List.of();
  private Map<String, byte[]> oldSecret = Map.of();

  CertManagerAuthorityIntegrationTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("plant");
    this.authority = new CertManagerCertificate(cluster, "plant-authority");
  }

  @BeforeAll
  void connect() {
    Example.of(cluster, "cert-manager/authority.yaml").apply(cluster);
    authority.awaitIssued();
    cluster.awaitReady("mqb", "plant", Cluster.START_LIMIT);
    cluster.applyAndAwait(USERS);
    oldSecret = cluster.secret("late-mqtt");
    sessions = List.of(device(cluster.secret("stays-mqtt")).connect());
  }

  @AfterAll
  void disconnect() {
    sessions.forEach(Session::close);
  }

  /** With the files of that Secret alone. */
  private Client device(Map<String, byte[]> secret) {
    return Client.at(
            broker.address(broker.onlyPod().getStatus().getPodIP(), DEVICES),
            Broker.trust(Login.text(secret, "ca.crt")))
        .keys(KeyMaterial.factory(secret));
  }

  private String issuer() {
    return Login.text(cluster.secret("plant-authority"), "tls.crt");
  }

  private static void tell(String what, Instant began) {
    System.out.printf(
        "cert-manager: %s, ms: %d%n", what, Duration.between(began, Instant.now()).toMillis());
  }

  /** Renews the CA, and waits until what the broker says to trust is the new one. */
  private Instant renewed() {
    var before = issuer();
    authority.renew();
    Awaitility.await("another CA certificate")
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !issuer().equals(before));
    var began = Instant.now();
    Awaitility.await("trust")
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> broker.trustBundle().contains(issuer()));
    return began;
  }

  private void nobodyWasSentAway() {
    sessions.forEach(session -> session.subscribe("none"));
    assertThat(sessions).isNotEmpty().allMatch(Session::isConnected);
  }

  @Test
  @Order(1)
  void clientsTrustItAndAreIssuedByIt() {
    assertThat(Login.text(oldSecret, "ca.crt")).isEqualTo(issuer());
    device(oldSecret).connect().close();
    try (var openssl = new OpenSsl(oldSecret)) {
      assertThat(openssl.run("verify", "-CAfile", "ca.crt", "tls.crt").output())
          .contains("tls.crt: OK");
    }
  }

  /** As the example says: {@code rotationPolicy: Never}. */
  @Test
  @Order(2)
  void aRenewalUnderTheSameKeyLocksNobodyOut() {
    var began = renewed();
    tell("CA renewed under its key, written to what clients are told to trust", began);
    cluster.awaitReady("mqb", "plant", Cluster.APPLY_LIMIT);
    device(oldSecret).connect().close();
    device(cluster.secret("late-mqtt")).connect().close();
    nobodyWasSentAway();
  }

  /** What docs/certificates.md warns of. */
  @Test
  @Order(3)
  void anotherKeyLocksOutWhoHasTheOldFilesWhenTheOverlapIsOver() {
    authority.patch("{\"spec\":{\"privateKey\":{\"rotationPolicy\":\"Always\"}}}");
    var began = renewed();
    Awaitility.await("users have certificates of the new CA")
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Login.text(cluster.secret("late-mqtt"), "ca.crt").startsWith(issuer()));
    tell("CA with another key, written to users' Secrets", began);
    Awaitility.await("the new files let in")
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .ignoreException(Refused.class)
        .until(
            () -> {
              device(cluster.secret("late-mqtt")).connect().close();
              return true;
            });
    tell("CA with another key, written to the new files let in", began);

    var old = device(oldSecret);
    old.connect().close();
    var overlap = "{\"spec\":{\"certificates\":{\"authority\":{\"overlap\":\"0s\"}}}}";
    cluster.kubectl().run("patch", "mqb", "plant", "--type=merge", "--patch=" + overlap).orFail();
    Awaitility.await("the former CA is trusted no longer")
        .atMost(Cluster.APPLY_LIMIT)
        .untilAsserted(
            () -> assertThatExceptionOfType(Refused.class).isThrownBy(() -> old.connect().close()));
    device(cluster.secret("late-mqtt")).connect().close();
    nobodyWasSentAway();
    cluster.awaitReady("mqb", "plant", Cluster.APPLY_LIMIT);
  }
}
