package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A new server certificate is shown to new connections, and no connection ends. The broker {@code
 * hourly} renews by its own clock: it is started first and looked at last.
 */
@Order(1) // it waits longest, for the certificate of an hour
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ServerCertificateE2eTest {

  private static final int CLIENTS = 20;

  private static final String HOURLY =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: hourly}
      spec:
        certificates: {server: {validity: 1h, renewBefore: 54m}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: watch}
      spec: {brokerRef: {name: hourly}}
      ---
      """;

  private static final String USER =
      """
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drone}
      spec: {brokerRef: {name: fleet}}
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final Broker hourly;
  private List<Session> clients = List.of();
  private Map<String, String> incarnation = Map.of();
  private String trustBundle = "";

  ServerCertificateE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    this.hourly = cluster.broker("hourly");
  }

  @BeforeAll
  void connect() {
    cluster.applyAndAwait(HOURLY + fleet("") + USER);
    var connecting =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> broker.client("drone").clientId("drone-" + i).connectLater())
            .toList();
    clients = connecting.stream().map(Client::await).toList();
    incarnation = broker.incarnation();
    trustBundle = broker.trustBundle();
  }

  private static String fleet(String server) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: fleet}
           spec:
             listeners: [{name: mqtts, port: 8883, clientId: Any}]
             certificates: {server: {%s}}
           """
        .formatted(server);
  }

  @AfterEach
  void nobodyHasNoticed() {
    // A message there and back: a connection that is gone without a word is found so.
    clients.forEach(client -> client.subscribe("none"));
    assertThat(clients).hasSize(CLIENTS).allMatch(Session::isConnected);
    assertThat(broker.incarnation()).isEqualTo(incarnation);
    assertThat(broker.trustBundle()).isEqualTo(trustBundle);
  }

  @AfterAll
  void disconnect() {
    clients.forEach(Session::close);
  }

  @Test
  @Order(1)
  void aRaisedGenerationIsANewCertificate() throws IOException {
    var before = shown(broker).serial();

    cluster.applyAndAwait(fleet("generation: 2"));

    assertThat(shown(broker).serial()).isNotEqualTo(before).isEqualTo(statusSerial(broker));
    cluster.applyAndAwait(fleet("generation: 2"));
    assertThat(statusSerial(broker)).as("applied again").isEqualTo(shown(broker).serial());
  }

  @Test
  @Order(2)
  void anotherNameIsANewCertificateWithIt() throws IOException {
    var before = shown(broker);

    cluster.applyAndAwait(fleet("generation: 2, additionalNames: [mqtt.example.com, 192.0.2.7]"));

    var after = shown(broker);
    assertThat(after.serial()).isNotEqualTo(before.serial()).isEqualTo(statusSerial(broker));
    assertThat(after.names()).containsAll(before.names()).contains("mqtt.example.com", "192.0.2.7");
  }

  /** What somebody else may write into the Secret. */
  enum Foreign {
    GARBAGE,
    NOTHING,
    ANOTHER_KEY,
    ANOTHER_AUTHORITY,
    ENDS_SOON
  }

  @ParameterizedTest
  @EnumSource
  @Order(3)
  void whatOthersWriteIntoTheSecretBreaksNoHandshake(Foreign foreign) throws IOException {
    var before = shown(broker).serial();
    try (var handshakes = new Handshakes(broker)) {
      cluster.client().resource(foreignly(foreign)).update();

      Awaitility.await("another certificate")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> !shown(broker).serial().equals(before));
      // As each write is repaired at once, a pod may have been given some of them for a moment.
      handshakes.awaitMore(10);
      assertThat(handshakes.failures()).isEmpty();
    }
    Awaitility.await("the serial in the status")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> statusSerial(broker).equals(shown(broker).serial()));
    assertThat(shown(broker).certificate().getNotAfter().toInstant())
        .isAfter(Instant.now().plus(Duration.ofDays(80)));
    cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
  }

  @Test
  @Order(4)
  void aCertificateIsRenewedInTimeByItself() throws IOException {
    try (var session = hourly.client("watch").connect()) {
      var before = shown(hourly);
      var renewAt = Instant.parse(certificateStatus(hourly, "renewAt"));
      assertThat(renewAt).isBefore(Instant.now().plus(Duration.ofMinutes(7)));

      Awaitility.await("a renewal soon after " + renewAt)
          .atMost(Duration.between(Instant.now(), renewAt).plus(Cluster.APPLY_LIMIT))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> !shown(hourly).serial().equals(before.serial()));

      assertThat(Instant.now()).as("not before it is due").isAfter(renewAt);
      assertThat(shown(hourly).serial()).isEqualTo(statusSerial(hourly));
      session.subscribe("none");
      assertThat(session.isConnected()).isTrue();
    }
  }

  private static ShownCertificate shown(Broker broker) throws IOException {
    return ShownCertificate.at(broker.service(Broker.DEFAULT_PORT), broker.trust());
  }

  private BigInteger statusSerial(Broker of) {
    return new BigInteger(certificateStatus(of, "serial"), 16);
  }

  private String certificateStatus(Broker of, String field) {
    List<Map<String, Object>> certificates =
        cluster.get("mqb", of.name()).get("status", "certificates");
    return certificates.stream()
        .filter(certificate -> "server".equals(certificate.get("name")))
        .map(certificate -> String.valueOf(certificate.get(field)))
        .findFirst()
        .orElseThrow();
  }

  private Secret foreignly(Foreign foreign) {
    var secret =
        cluster.client().secrets().inNamespace(cluster.namespace()).withName("fleet-server");
    var builder = new SecretBuilder(secret.require());
    var changed =
        switch (foreign) {
          case GARBAGE -> builder.addToData("tls.crt", base64("garbage"));
          case NOTHING -> builder.addToData("tls.crt", base64("")).addToData("tls.key", base64(""));
          case ANOTHER_KEY -> builder.addToData("tls.key", base64(newKey()));
          case ANOTHER_AUTHORITY ->
              builder.addToData(
                  cluster
                      .client()
                      .secrets()
                      .inNamespace(cluster.namespace())
                      .withName("hourly-server")
                      .require()
                      .getData());
          case ENDS_SOON ->
              builder.addToData(
                  ShortCertificate.of(
                      cluster.secret("fleet-ca"), broker.host(), Duration.ofDays(1)));
        };
    return changed.build();
  }

  private static String newKey() {
    try {
      var key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
          .formatted(Base64.getMimeEncoder().encodeToString(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
