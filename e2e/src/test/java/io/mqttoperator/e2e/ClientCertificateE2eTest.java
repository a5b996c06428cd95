package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users with certificates, on a broker of two pods, and what becomes of what is revoked. */
@OnCluster
final class ClientCertificateE2eTest {

  private static final int DEVICES = 8886;
  private static final int BOTH = 8887;
  private static final int BROWSERS = 8888;
  private static final int PODS = 2;

  /** From the moment that {@code kubectl apply} or {@code kubectl delete} begins. */
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(2);

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        replicas: 2
        listeners:
        - {name: mqtts, port: 8883}
        - {name: devices, port: 8886, authentication: Certificate}
        - {name: both, port: 8887, authentication: CertificateAndPassword}
        - {name: browsers, port: 8888, authentication: Certificate, transport: Websockets}
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
        rules: [{topics: ["up/{username}", "down/{username}"], access: [Publish, Subscribe]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: all}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: witness}]
        rules: [{topics: ["up/#", "down/#"], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;

  ClientCertificateE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(
        BROKER
            + "---\n"
            + user("witness", "certificate: {}")
            + "---\n"
            + user("walter", "certificate: {}, password: {}")
            + RULES);
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

  private Map<String, byte[]> secret(String user) {
    return cluster.secret(user + "-mqtt");
  }

  private Client client(InetSocketAddress address, KeyManagerFactory keys) {
    return Client.at(address, broker.trust()).keys(keys);
  }

  private Client device(int pod, String user) {
    return client(broker.pod(pod, DEVICES), KeyMaterial.factory(secret(user)));
  }

  private static void assertRefused(Client client) {
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> client.connect().close());
  }

  @Test
  void aCertificateIsItsUserOnEveryPodAndNobodyElse() {
    cluster.applyAndAwait(user("alice", "certificate: {}"));
    for (var pod = 0; pod < PODS; pod++) {
      try (var alice = device(pod, "alice").connect()) {
        assertThat(alice.publish("up/alice", "x")).isLessThan(0x80);
        assertThat(alice.publish("up/witness", "x")).isEqualTo(0x87);
      }
      // Whatever name it gives: the certificate's counts.
      try (var named =
          device(pod, "alice").login(new Login("witness", Optional.empty())).connect()) {
        assertThat(named.publish("up/alice", "x")).isLessThan(0x80);
        assertThat(named.publish("up/witness", "x")).isEqualTo(0x87);
      }
    }
    var browser =
        client(broker.service(BROWSERS), KeyMaterial.factory(secret("alice"))).overWebsockets();
    try (var alice = browser.connect()) {
      assertThat(alice.publish("up/alice", "x")).isLessThan(0x80);
    }
    try (var v3 = device(0, "alice").protocol(Protocol.MQTT_3_1_1).clientId("other").connect()) {
      v3.subscribe("down/alice");
      try (var witness = device(0, "witness").connect()) {
        witness.publish("down/alice", "hello");
      }
      awaitMessages(v3, 1);
    }
  }

  @Test
  void nothingElseOpensAListenerForCertificates() throws Exception {
    assertRefused(Client.at(broker.service(DEVICES), broker.trust()));
    assertRefused(Client.at(broker.service(DEVICES), broker.trust()).login(broker.login("walter")));
    assertRefused(
        client(broker.service(DEVICES), KeyMaterial.factory(KeyMaterial.selfSigned("witness"))));
    // The operator's own, and the server's: of another CA, and not for clients.
    for (var other : List.of("fleet-operator", "fleet-server")) {
      assertRefused(client(broker.service(DEVICES), KeyMaterial.factory(cluster.secret(other))));
    }
  }

  @Test
  void aListenerForBothTakesBoth() {
    var keys = KeyMaterial.factory(secret("walter"));
    var login = broker.login("walter");
    var both = client(broker.service(BOTH), keys);
    both.login(login).connect().close();
    assertRefused(both);
    assertRefused(both.login(login.withPassword("x")));
    assertRefused(Client.at(broker.service(BOTH), broker.trust()).login(login));
    for (var name : internalNames()) {
      assertRefused(both.login(new Login(name, "x")));
      assertRefused(both.login(new Login(name, Optional.empty())));
    }
    assertThat(cluster.get("mqb", "fleet").<List<String>>get("status", "warnings"))
        .anyMatch(warning -> warning.contains("does not bind the certificate to the password"));
  }

  private List<String> internalNames() {
    var head = Login.text(cluster.secret("fleet-files"), "password-head");
    return List.of(
        Login.text(cluster.secret("fleet-operator"), "account"),
        head.substring(0, head.indexOf(':')));
  }

  @Test
  void opensslTakesTheCertificateAndShowsItItself() {
    try (var openssl = new OpenSsl(secret("walter"))) {
      var verified =
          openssl.run(
              "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", "ca.crt", "tls.crt");
      assertThat(verified.output()).contains("tls.crt: OK");
      assertThat(handshake(openssl, "-tls1_3").output()).contains("Verify return code: 0 (ok)");
    }
  }

  private OpenSsl.Result handshake(OpenSsl openssl, String... more) {
    var address = broker.pod(0, DEVICES);
    var arguments =
        new java.util.ArrayList<>(
            List.of(
                "s_client",
                "-connect",
                address.getAddress().getHostAddress() + ":" + DEVICES,
                "-CAfile",
                "ca.crt",
                "-cert",
                "tls.crt",
                "-key",
                "tls.key"));
    arguments.addAll(List.of(more));
    return openssl.run(arguments.toArray(String[]::new));
  }

  /** Each way to revoke; what runs is another user's, who must not notice. */
  @Test
  void aRaisedGenerationShutsTheOldCertificateOutOnEveryPod() {
    revoke("mallory", () -> cluster.apply(user("mallory", "certificate: {generation: 2}")));
    cluster.awaitReady("mqu", "mallory", Cluster.APPLY_LIMIT);
    for (var pod = 0; pod < PODS; pod++) {
      try (var session = device(pod, "mallory").connect()) {
        assertThat(session.publish("up/mallory", "new")).isLessThan(0x80);
      }
    }
  }

  @Test
  void aDisabledUserIsShutOutOnEveryPod() {
    revoke("dora", () -> cluster.apply(user("dora", "certificate: {}, disabled: true")));
    cluster.awaitReady("mqu", "dora", Cluster.APPLY_LIMIT);
  }

  @Test
  void aDeletedUserIsShutOutOnEveryPodAlsoAfterARestart() {
    var keys = revoke("gone", () -> cluster.deleteLater("mqu", "gone"));
    Awaitility.await("the user is gone")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> cluster.isGone("mqu", "gone"));
    var before = broker.member(1).getMetadata().getUid();
    cluster.client().resource(broker.member(1)).delete();
    Awaitility.await("another pod")
        .atMost(Cluster.START_LIMIT)
        .ignoreExceptions()
        .until(
            () ->
                !broker.member(1).getMetadata().getUid().equals(before)
                    && broker.member(1).getStatus().getContainerStatuses().getFirst().getReady());
    assertRefused(client(broker.pod(1, DEVICES), keys));
    cluster.applyAndAwait(user("gone", "certificate: {}"));
    assertRefused(client(broker.pod(0, DEVICES), keys));
    device(1, "gone").connect().close();
  }

  /** Connects as a user on each pod, revokes, and looks at what is left of it. */
  private KeyManagerFactory revoke(String name, Runnable revocation) {
    cluster.applyAndAwait(user(name, "certificate: {}"));
    var secret = secret(name);
    var keys = KeyMaterial.factory(secret);
    try (var openssl = new OpenSsl(secret);
        var witness = device(0, "witness").connect();
        var onHub = client(broker.pod(0, DEVICES), keys).connect();
        var onLeaf = client(broker.pod(1, DEVICES), keys).connect()) {
      assertThat(handshake(openssl, "-tls1_2", "-sess_out", "session").output())
          .contains("Verify return code: 0 (ok)");
      witness.subscribe("up/" + name);
      onHub.subscribe("down/" + name);
      onLeaf.subscribe("down/" + name);
      witness.publish("down/" + name, "before");
      awaitMessages(onHub, 1);
      awaitMessages(onLeaf, 1);

      var began = System.nanoTime();
      revocation.run();
      for (var pod = 0; pod < PODS; pod++) {
        var address = broker.pod(pod, DEVICES);
        Awaitility.await("pod " + pod + " refuses the certificate")
            .atMost(REVOKED_WITHIN.minusNanos(System.nanoTime() - began))
            .pollInterval(Duration.ofMillis(20))
            .untilAsserted(() -> assertRefused(client(address, keys)));
        // By the same reload: what is connected still can do nothing.
        assertThat(mayPublish(List.of(onHub, onLeaf).get(pod), "up/" + name)).isFalse();
      }
      var received = witness.received().size();
      for (var session : List.of(onHub, onLeaf)) {
        Awaitility.await("the session has ended")
            .atMost(Cluster.APPLY_LIMIT)
            .until(() -> !session.isConnected());
      }
      witness.publish("down/" + name, "after");
      assertThat(onHub.received()).hasSize(1);
      assertThat(onLeaf.received()).hasSize(1);
      assertThat(witness.received()).hasSize(received);
      assertThat(witness.isConnected()).isTrue();
      // Nor by a ticket of a session that was begun before.
      assertThat(handshake(openssl, "-tls1_2", "-sess_in", "session").output())
          .doesNotContain("Reused");
    }
    return keys;
  }

  private static boolean mayPublish(Session session, String topic) {
    try {
      return session.publish(topic, "late") < 0x80;
    } catch (RuntimeException hasEnded) {
      return false;
    }
  }

  private static void awaitMessages(Session session, int count) {
    Awaitility.await(count + " messages")
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> session.received().size() >= count);
  }
}
