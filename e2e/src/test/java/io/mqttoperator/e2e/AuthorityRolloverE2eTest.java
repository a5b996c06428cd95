package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One authority follows another under devices that never stop publishing, on two pods. */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AuthorityRolloverE2eTest {

  private static final int DEVICES = 8886;

  /** {@code e2e/rollover} asks for 200. */
  private static final int CLIENTS = Integer.getInteger("e2e.devices", 20);

  private static final int PODS = 2;

  private static final String USER =
      """
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: %s}
      spec: {brokerRef: {name: fleet}, certificate: {validity: %s}}
      """;

  private static final String RULES =
      """
      ---
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
  private PublishingDevices devices = PublishingDevices.NONE;
  private String first = "";
  private String second = "";
  private Map<String, byte[]> oldSecret = Map.of();

  AuthorityRolloverE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  private static String users(String validity) {
    return IntStream.range(0, CLIENTS)
            .mapToObj(i -> USER.formatted("device-" + i, validity))
            .collect(Collectors.joining())
        + USER.formatted("late", validity);
  }

  private static String fleet(int server, int generation, String overlap) {
    return """
    apiVersion: mqttoperator.io/v1alpha1
    kind: MqttBroker
    metadata: {name: fleet}
    spec:
      replicas: 2
      listeners:
      - {name: mqtts, port: 8883}
      - {name: devices, port: 8886, authentication: Certificate}
      certificates: {server: {generation: %d}, authority: {generation: %d, overlap: %s}}
    """
        .formatted(server, generation, overlap);
  }

  @BeforeAll
  void connect() {
    cluster.applyAndAwait(
        fleet(1, 1, "1h") + users("2160h") + USER.formatted("witness", "2160h") + RULES);
    first = authority();
    oldSecret = cluster.secret("late-mqtt");
    devices =
        PublishingDevices.connect(
            device(0, cluster.secret("witness-mqtt"), first),
            IntStream.range(0, CLIENTS)
                .mapToObj(i -> device(i % PODS, cluster.secret("device-" + i + "-mqtt"), first))
                .toList());
  }

  @AfterAll
  void disconnect() {
    devices.close();
  }

  private String authority() {
    return Login.text(cluster.secret("fleet-ca"), "tls.crt");
  }

  private Client device(int pod, Map<String, byte[]> secret, String trust) {
    return Client.at(broker.pod(pod, DEVICES), Broker.trust(trust))
        .keys(KeyMaterial.factory(secret));
  }

  private Map<String, String> phases() {
    List<Map<String, Object>> certificates =
        cluster.get("mqb", "fleet").get("status", "certificates");
    return certificates.stream()
        .filter(each -> String.valueOf(each.get("name")).startsWith("authority"))
        .collect(
            Collectors.toMap(
                each -> String.valueOf(each.get("name")),
                each -> String.valueOf(each.get("phase"))));
  }

  private void awaitPhases(Map<String, String> expected) {
    Awaitility.await("phases " + expected)
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> phases().equals(expected));
  }

  /** What openssl makes of each pod, when it trusts only this. */
  private List<Boolean> verified(String trust) {
    try (var openssl = new OpenSsl(Map.of("ca.crt", trust.getBytes(StandardCharsets.US_ASCII)))) {
      return IntStream.range(0, PODS)
          .mapToObj(pod -> broker.pod(pod, Broker.DEFAULT_PORT).getAddress().getHostAddress())
          .map(
              address ->
                  openssl
                      .run(
                          "s_client",
                          "-connect",
                          address + ":" + Broker.DEFAULT_PORT,
                          "-CAfile",
                          "ca.crt",
                          "-verify_return_error")
                      .output()
                      .contains("Verify return code: 0 (ok)"))
          .toList();
    }
  }

  private void assertRefused(Map<String, byte[]> secret, String trust) {
    for (int pod = 0; pod < PODS; pod++) {
      var client = device(pod, secret, trust);
      assertThatExceptionOfType(Refused.class).isThrownBy(() -> client.connect().close());
    }
  }

  @Test
  @Order(1)
  void anotherServerCertificateIsNoticedByNobody() {
    var before = cluster.secret("fleet-server").get("tls.crt");
    cluster.applyAndAwait(fleet(2, 1, "1h"));
    assertThat(cluster.secret("fleet-server").get("tls.crt")).isNotEqualTo(before);
    assertThat(verified(first)).containsExactly(true, true);
    devices.assertNothingNoticed();
  }

  /** Another validity has each certificate renewed, all at once: the old ones count on. */
  @Test
  @Order(2)
  void otherClientCertificatesAreNoticedByNobody() {
    cluster.applyAndAwait(users("1000h"));
    var renewed = cluster.secret("late-mqtt");
    assertThat(renewed.get("tls.crt")).isNotEqualTo(oldSecret.get("tls.crt"));
    for (int pod = 0; pod < PODS; pod++) {
      device(pod, oldSecret, first).connect().close();
      device(pod, renewed, first).connect().close();
    }
    devices.assertNothingNoticed();
  }

  @Test
  @Order(3)
  void bothAuthoritiesCountWhileTheOldOneIsObserved() {
    cluster.applyAndAwait(fleet(2, 2, "1h"));
    awaitPhases(Map.of("authority", "Observe", "authority-former", "Former"));
    second = authority();
    assertThat(second).isNotEqualTo(first);
    assertThat(broker.trustBundle()).isEqualTo(second + first);
    var newSecret = cluster.secret("late-mqtt");
    assertThat(newSecret.get("tls.crt")).isNotEqualTo(oldSecret.get("tls.crt"));
    assertThat(Login.text(newSecret, "ca.crt")).isEqualTo(second + first);
    assertThat(verified(first)).containsExactly(true, true);
    assertThat(verified(second)).containsExactly(true, true);
    for (int pod = 0; pod < PODS; pod++) {
      for (var trust : List.of(first, second)) {
        for (var secret : List.of(oldSecret, newSecret)) {
          device(pod, secret, trust).connect().close();
        }
      }
    }
    assertThat(cluster.get("mqb", "fleet").<List<String>>get("status", "warnings"))
        .anyMatch(warning -> warning.contains("(Observe)"));
    devices.assertNothingNoticed();
  }

  @Test
  @Order(4)
  void theOldOneCountsNoLongerWhenToldSo() {
    cluster.applyAndAwait(fleet(2, 2, "0s"));
    awaitPhases(Map.of("authority", "Current"));
    cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
    assertThat(broker.trustBundle()).isEqualTo(second);
    assertThat(verified(second)).containsExactly(true, true);
    assertThat(verified(first)).containsExactly(false, false);
    assertRefused(oldSecret, second);
    device(1, cluster.secret("late-mqtt"), second).connect().close();
    devices.assertNothingNoticed();
    System.out.printf(
        "devices: %d, messages at QoS 1: %d, lost: 0, disconnected: 0%n",
        CLIENTS, devices.acknowledged());
    assertThat(
            cluster
                .client()
                .events()
                .v1()
                .events()
                .inNamespace(cluster.namespace())
                .list()
                .getItems()
                .stream()
                .filter(event -> "AuthorityRollover".equals(event.getReason()))
                .map(event -> event.getNote().replaceAll(":.*", "")))
        .containsExactlyInAnyOrder("Trust", "Issue", "Observe", "Distrust");
  }
}
