package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator gives to users, in the hands of mbedTLS, which small devices have. */
@OnCluster
final class SmallDeviceE2eTest {

  private static final int DEVICES = 8885;
  private static final int TINY = 8886;
  private static final Duration ARRIVAL = Duration.ofSeconds(10);

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        listeners:
        - {name: devices, port: 8885, authentication: Certificate}
        - {name: tiny, port: 8886, authentication: PreSharedKey}
        certificates: {authority: {generation: %d}}
      ---
      """;
  private static final String RULES =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: own}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["up/{username}"], access: [Publish, Subscribe]}]
      """;

  @TempDir private Path folder;

  private final Cluster cluster;
  private final Broker broker;

  SmallDeviceE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(BROKER.formatted(1) + RULES);
  }

  private void user(String name, String spec) {
    cluster.applyAndAwait(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: %s}
        spec: {brokerRef: {name: fleet}, %s}
        """
            .formatted(name, spec));
  }

  /** By {@code e2e/mbedtls/build}. */
  private TlsTunnel tunnel(InetSocketAddress listener, String... credential) {
    var command =
        new ArrayList<>(List.of(System.getProperty("e2e.mbedtls", "target/mbedtls-tunnel")));
    command.add(listener.getAddress().getHostAddress());
    command.add(Integer.toString(listener.getPort()));
    command.add("fleet");
    command.addAll(List.of(credential));
    return new TlsTunnel(command);
  }

  /** The files of a user's Secret, as a device has them. */
  private String[] certificate(String user) throws IOException {
    var secret = cluster.secret(user + "-mqtt");
    var arguments = new ArrayList<>(List.of("certificate"));
    for (var file : List.of("ca.crt", "tls.crt", "tls.key")) {
      arguments.add(Files.write(folder.resolve(user + "-" + file), secret.get(file)).toString());
    }
    return arguments.toArray(String[]::new);
  }

  private void assertIsItsUser(TlsTunnel tunnel, String user) {
    try (var device = tunnel.client().protocol(Protocol.MQTT_3_1_1).clientId(user).connect()) {
      device.subscribe("up/" + user);
      device.publish("up/" + user, "hello");
      Awaitility.await(user)
          .atMost(ARRIVAL)
          .untilAsserted(
              () ->
                  assertThat(device.received())
                      .extracting(Message::payload)
                      .containsExactly("hello"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EcdsaP256", "EcdsaP384", "Rsa2048"})
  void aCertificateLetsItsUserIn(String algorithm) throws Exception {
    var user = "sensor-" + algorithm.toLowerCase(Locale.ROOT);
    user(user, "certificate: {keyAlgorithm: %s}".formatted(algorithm));
    try (var tunnel = tunnel(broker.pod(0, DEVICES), certificate(user))) {
      assertIsItsUser(tunnel, user);
    }
  }

  @Test
  void aPreSharedKeyLetsItsUserIn() {
    user("tag", "preSharedKey: {}");
    var key = Login.text(cluster.secret("tag-mqtt"), "psk");
    try (var tunnel = tunnel(broker.pod(0, TINY), "psk", "tag", key)) {
      assertIsItsUser(tunnel, "tag");
    }
    var other = key.replace('0', '1').replace('2', '3');
    try (var tunnel = tunnel(broker.pod(0, TINY), "psk", "tag", other)) {
      assertThatExceptionOfType(Refused.class).isThrownBy(() -> tunnel.client().connect().close());
    }
  }

  /** A rollover of the CA, as a device sees it that trusts the former alone. */
  @Test
  void whoTrustsTheFormerAuthorityAloneIsServedWhileItIsReplaced() throws Exception {
    user("patient", "certificate: {}");
    var old = certificate("patient");
    cluster.applyAndAwait(BROKER.formatted(2) + RULES);
    Awaitility.await("each pod shows a certificate of the new one")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> phases().contains("Observe"));
    try (var tunnel = tunnel(broker.pod(0, DEVICES), old)) {
      assertIsItsUser(tunnel, "patient");
    }
  }

  private List<String> phases() {
    List<Map<String, Object>> certificates =
        cluster.get("mqb", "fleet").get("status", "certificates");
    return certificates.stream().map(each -> String.valueOf(each.get("phase"))).toList();
  }
}
