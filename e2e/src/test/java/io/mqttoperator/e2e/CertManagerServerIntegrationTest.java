package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code examples/cert-manager/server.yaml} with a real cert-manager, under devices that never stop
 * publishing. {@code e2e/integrations/run} runs it.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CertManagerServerIntegrationTest {

  private static final int DEVICES = 10;

  /** From the Secret's write to a handshake that shows what it says. */
  private static final long LIMIT_MILLIS = 5_000;

  private static final int RENEWALS = 6;

  private static final String RULES =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: own}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["up/{username}"], access: [Publish]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: all}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: witness}]
        rules: [{topics: ["up/#"], access: [Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final Example example;
  private final CertManagerCertificate certificate;
  private PublishingDevices devices = PublishingDevices.NONE;
  private List<CertificateArrivals> arrivals = List.of();
  private Map<String, String> incarnation = Map.of();

  CertManagerServerIntegrationTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    this.example = Example.of(cluster, "cert-manager/server.yaml");
    this.certificate = new CertManagerCertificate(cluster, "fleet");
  }

  private static String user(String name) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {brokerRef: {name: fleet}}
           """
        .formatted(name);
  }

  @BeforeAll
  void theBrokerWaitsForItsCertificate() {
    example.only("kind: MqttBroker", true).apply(cluster);
    cluster.awaitCondition("mqb", "fleet", "Accepted", "False", "SecretNotFound");
    assertThat(broker.pods()).as("no pod without its certificate").isEmpty();

    example.apply(cluster);
    certificate.awaitIssued();
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
    var users = IntStream.range(0, DEVICES).mapToObj(i -> "device-" + i).toList();
    cluster.applyAndAwait(
        RULES
            + user("witness")
            + String.join("", users.stream().map(CertManagerServerIntegrationTest::user).toList()));
    incarnation = broker.incarnation();
    devices =
        PublishingDevices.connect(
            broker.client("witness"), users.stream().map(broker::client).toList());
    arrivals = List.of(new CertificateArrivals(broker, "fleet-tls", broker.trust()));
    arrivals().awaitShown(1, Cluster.APPLY_LIMIT);
  }

  @AfterAll
  void close() {
    devices.close();
    System.out.println("cert-manager: Secret written to certificate shown, ms: " + delays());
    arrivals.forEach(CertificateArrivals::close);
  }

  private CertificateArrivals arrivals() {
    return arrivals.getFirst();
  }

  private List<Long> delays() {
    return arrivals.stream().flatMap(each -> each.delays().stream()).toList();
  }

  @AfterEach
  void nobodyHasNoticed() {
    devices.assertNothingNoticed();
    assertThat(broker.incarnation()).isEqualTo(incarnation);
    assertThat(arrivals().failures()).as("handshakes that failed").isEmpty();
    assertThat(delays()).allMatch(millis -> millis < LIMIT_MILLIS);
  }

  @Test
  @Order(1)
  void opensslVerifiesItByWhatTheUsersSecretSays() {
    var secret = cluster.secret("device-0-mqtt");
    assertThat(Login.text(secret, "ca.crt"))
        .isEqualTo(Login.text(cluster.secret("company-ca"), "tls.crt"));
    try (var openssl = new OpenSsl(secret)) {
      var shown =
          openssl.run(
              "s_client",
              "-connect",
              broker.pod(Broker.DEFAULT_PORT).getAddress().getHostAddress()
                  + ":"
                  + Broker.DEFAULT_PORT,
              "-CAfile",
              "ca.crt",
              "-verify_hostname",
              Login.text(secret, "host"),
              "-verify_return_error");
      assertThat(shown.output())
          .contains("Verify return code: 0 (ok)")
          .containsPattern("issuer=CN ?= ?company CA");
    }
  }

  @Test
  @Order(2)
  void aRenewalThatIsAskedForIsShown() {
    var key = cluster.secret("fleet-tls").get("tls.key");
    certificate.renew();
    arrivals().awaitShown(2, Cluster.APPLY_LIMIT);
    assertThat(cluster.secret("fleet-tls").get("tls.key")).isNotEqualTo(key);
  }

  /** The shortest life that cert-manager issues, renewed 15 seconds after it began. */
  @Test
  @Order(3)
  void renewalsByTimeAreShown() {
    var before = arrivals().shownSoFar();
    certificate.patch("{\"spec\":{\"duration\":\"1h\",\"renewBefore\":\"59m45s\"}}");
    arrivals().awaitShown(before + RENEWALS, Duration.ofMinutes(3));
    certificate.patch("{\"spec\":{\"duration\":\"2160h\",\"renewBefore\":null}}");
    certificate.awaitIssued();
  }

  /** What cert-manager has not finished is not in the Secret, and the broker goes on as it was. */
  @Test
  @Order(4)
  void anIssuerThatDoesNotAnswerChangesNothing() {
    certificate.patch("{\"spec\":{\"issuerRef\":{\"name\":\"nobody\"}}}");
    cluster
        .kubectl()
        .run("wait", "--for=condition=Ready=false", "certificate/fleet", "--timeout=1m")
        .orFail();
    var shown = arrivals().shownSoFar();
    devices.assertNothingNoticed();
    assertThat(arrivals().shownSoFar()).isEqualTo(shown);
    cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
  }

  /** With this annotation it writes one that no client trusts, until its issuer has signed. */
  @Test
  @Order(5)
  void aTemporaryCertificateIsNotShown() {
    certificate.patch(
        "{\"metadata\":{\"annotations\":{\"cert-manager.io/issue-temporary-certificate\":\"true\"}}}");
    cluster.delete("secret", "fleet-tls");
    var refused = cluster.awaitCondition("mqb", "fleet", "Accepted", "False", "InvalidCertificate");
    assertThat(refused.message()).contains("temporary");

    var shown = arrivals().shownSoFar();
    certificate.patch("{\"spec\":{\"issuerRef\":{\"name\":\"company-ca\"}}}");
    certificate.awaitIssued();
    arrivals().awaitShown(shown + 1, Cluster.APPLY_LIMIT);
    cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
  }

  @Test
  @Order(6)
  void aSecretThatIsDeletedIsWrittenAgain() {
    var shown = arrivals().shownSoFar();
    cluster.delete("secret", "fleet-tls");
    arrivals().awaitShown(shown + 1, Cluster.APPLY_LIMIT);
    Awaitility.await("Ready").atMost(Cluster.APPLY_LIMIT).until(this::isReady);
  }

  private boolean isReady() {
    return cluster.condition("mqb", "fleet", "Ready").orElseThrow().status().equals("True");
  }
}
