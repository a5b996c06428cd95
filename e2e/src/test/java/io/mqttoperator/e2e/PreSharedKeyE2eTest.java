package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users with pre-shared keys, on a broker of two pods, and what becomes of a key that is gone. */
@OnCluster
final class PreSharedKeyE2eTest {

  private static final int TINY = 8885;
  private static final int PODS = 2;
  private static final String FIRST = "00112233445566778899aabbccddeeff";
  private static final String SECOND = "ffeeddccbbaa99887766554433221100";

  /** From the moment that {@code kubectl apply} or {@code kubectl delete} begins. */
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(2);

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        replicas: 2
        listeners:
        - {name: mqtts, port: 8883}
        - {name: tiny, port: 8885, authentication: PreSharedKey}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: own}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["up/{username}", "down/{username}"], access: [Publish, Subscribe]}]
      ---
      """;

  private final Cluster cluster;
  private final Broker broker;

  PreSharedKeyE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(BROKER + user("witness", "preSharedKey: {}, password: {}"));
  }

  private static String user(String name, String more) {
    return """
    apiVersion: mqttoperator.io/v1alpha1
    kind: MqttUser
    metadata: {name: %s}
    spec: {brokerRef: {name: fleet}, %s}
    """
        .formatted(name, more);
  }

  private static String offered(String name, String key) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, labels: {mqttoperator.io/credentials: "true"}}
    stringData: {psk: "%s"}
    """
        .formatted(name, key);
  }

  private String key(String user) {
    return Login.text(cluster.secret(user + "-mqtt"), "psk");
  }

  private TlsTunnel tunnel(int pod, String user, String key, String... options) {
    return TlsTunnel.withKey(broker.pod(pod, TINY), user, key, options);
  }

  private void assertRefused(int pod, String user, String key, String... options) {
    try (var tunnel = tunnel(pod, user, key, options)) {
      assertThatExceptionOfType(Refused.class).isThrownBy(() -> tunnel.client().connect().close());
    }
  }

  @Test
  void aGeneratedKeyIsItsUserOnEveryPodAndNobodyElse() {
    cluster.applyAndAwait(user("alice", "preSharedKey: {}"));
    assertThat(cluster.secret("alice-mqtt").keySet())
        .containsExactlyInAnyOrder("type", "provider", "host", "port", "uri", "username", "psk");
    assertThat(Login.text(cluster.secret("alice-mqtt"), "port")).isEqualTo("8885");
    for (var pod = 0; pod < PODS; pod++) {
      try (var tunnel = tunnel(pod, "alice", key("alice"));
          var alice = tunnel.client().connect()) {
        assertThat(alice.publish("up/alice", "x")).isLessThan(0x80);
        assertThat(alice.publish("up/witness", "x")).isEqualTo(0x87);
      }
      assertRefused(pod, "alice", key("witness"));
      assertRefused(pod, "nobody", key("alice"));
    }
    // By the Service, and in MQTT 3.1.1.
    try (var tunnel = TlsTunnel.withKey(broker.service(TINY), "alice", key("alice"));
        var alice = tunnel.client().protocol(Protocol.MQTT_3_1_1).clientId("x").connect()) {
      alice.subscribe("down/alice");
    }
  }

  @Test
  void whoeverHasBothUsesEachAtItsOwnListener() {
    broker.client("witness").connect().close();
    try (var tunnel = tunnel(0, "witness", key("witness"));
        // Whatever name it gives: the key's counts.
        var witness = tunnel.client().login(new Login("alice", "x")).connect()) {
      assertThat(witness.publish("up/witness", "x")).isLessThan(0x80);
      assertThat(witness.publish("up/alice", "x")).isEqualTo(0x87);
    }
    assertThat(cluster.get("mqb", "fleet").<List<String>>get("status", "warnings"))
        .anyMatch(warning -> warning.contains("TLS 1.2 alone"));
  }

  @Test
  void tls12WithAFreshKeyForEachConnectionIsAllThatIsOffered() {
    var key = key("witness");
    tunnelled("-tls1_2", "-cipher", "ECDHE-PSK-CHACHA20-POLY1305");
    tunnelled("-tls1_2", "-cipher", "DHE-PSK-AES128-GCM-SHA256");
    for (var version : List.of("-tls1_3", "-tls1_1")) {
      assertRefused(0, "witness", key, version);
    }
    assertRefused(0, "witness", key, "-cipher", "PSK-AES128-GCM-SHA256");
    try (var openssl = new OpenSsl(Map.of())) {
      var address = broker.pod(0, TINY).getAddress().getHostAddress();
      var said = openssl.run("s_client", "-connect", address + ":" + TINY, "-tls1_2");
      // Without a key.
      assertThat(said.output()).contains("handshake failure").doesNotContain("BEGIN CERTIFICATE");
    }
  }

  private void tunnelled(String... options) {
    try (var tunnel = tunnel(0, "witness", key("witness"), options)) {
      tunnel.client().connect().close();
    }
  }

  @Test
  void anOwnKeyFollowsItsSecret() {
    cluster.apply(offered("own", FIRST));
    cluster.applyAndAwait(user("owner", "preSharedKey: {secretRef: {name: own}}"));
    assertThat(key("owner")).isEqualTo(FIRST);
    take("owner", FIRST, () -> cluster.apply(offered("own", SECOND)));
    awaitLetIn("owner", SECOND);
    cluster.apply(offered("own", SECOND + "\\n"));
    cluster.awaitCondition("mqu", "owner", "Accepted", "False", "InvalidPreSharedKey");
    awaitLetIn("owner", SECOND);
  }

  @Test
  void aRaisedGenerationShutsTheOldKeyOutOnEveryPod() {
    cluster.applyAndAwait(user("mallory", "preSharedKey: {}"));
    var stolen = key("mallory");
    take("mallory", stolen, () -> cluster.apply(user("mallory", "preSharedKey: {generation: 2}")));
    cluster.awaitReady("mqu", "mallory", Cluster.APPLY_LIMIT);
    assertThat(key("mallory")).isNotEqualTo(stolen);
    for (var pod = 0; pod < PODS; pod++) {
      try (var tunnel = tunnel(pod, "mallory", key("mallory"));
          var session = tunnel.client().connect()) {
        assertThat(session.publish("up/mallory", "new")).isLessThan(0x80);
      }
    }
  }

  @Test
  void aDisabledUserIsShutOutAndComesBack() {
    cluster.applyAndAwait(user("dora", "preSharedKey: {}"));
    var key = key("dora");
    take("dora", key, () -> cluster.apply(user("dora", "preSharedKey: {}, disabled: true")));
    cluster.awaitReady("mqu", "dora", Cluster.APPLY_LIMIT);
    cluster.applyAndAwait(user("dora", "preSharedKey: {}"));
    awaitLetIn("dora", key);
  }

  @Test
  void aDeletedUserIsShutOut() {
    cluster.applyAndAwait(user("gone", "preSharedKey: {}"));
    take("gone", key("gone"), () -> cluster.deleteLater("mqu", "gone"));
    Awaitility.await("the user is gone")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> cluster.isGone("mqu", "gone"));
  }

  private void awaitLetIn(String user, String key) {
    for (var pod = 0; pod < PODS; pod++) {
      try (var tunnel = tunnel(pod, user, key)) {
        Awaitility.await("the key opens pod " + pod)
            .atMost(Cluster.APPLY_LIMIT)
            .ignoreException(Refused.class)
            .until(
                () -> {
                  tunnel.client().connect().close();
                  return true;
                });
      }
    }
  }

  /** Connects as a user on each pod, takes its key away, and looks at what is left of it. */
  private void take(String name, String key, Runnable change) {
    try (var ofHub = tunnel(0, name, key);
        var ofLeaf = tunnel(1, name, key);
        var other = tunnel(0, "witness", key("witness"));
        var witness = other.client().connect();
        var onHub = ofHub.client().connect();
        var onLeaf = ofLeaf.client().connect()) {
      assertThat(onHub.publish("up/" + name, "before")).isLessThan(0x80);
      var began = System.nanoTime();
      change.run();
      for (var pod = 0; pod < PODS; pod++) {
        var number = pod;
        Awaitility.await("pod " + pod + " refuses the key")
            .atMost(REFUSED_WITHIN.minusNanos(System.nanoTime() - began))
            .pollInterval(Duration.ofMillis(20))
            .untilAsserted(() -> assertRefused(number, name, key));
        // By the same reload: what is connected still can do nothing.
        assertThat(mayPublish(List.of(onHub, onLeaf).get(pod), "up/" + name)).isFalse();
      }
      for (var session : List.of(onHub, onLeaf)) {
        Awaitility.await("the session has ended")
            .atMost(Cluster.APPLY_LIMIT)
            .until(() -> !session.isConnected());
      }
      System.out.printf(
          "%s: refused and ended after %d ms%n", name, (System.nanoTime() - began) / 1_000_000);
      assertThat(witness.isConnected()).isTrue();
      assertThat(witness.publish("up/witness", "x")).isLessThan(0x80);
    }
  }

  private static boolean mayPublish(Session session, String topic) {
    try {
      return session.publish(topic, "late") < 0x80;
    } catch (RuntimeException hasEnded) {
      return false;
    }
  }
}
