package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody gets at another's session, or at the operator's account. */
@OnCluster
final class SessionSafetyE2eTest {

  private static final int OPEN_PORT = 1883;
  private static final int INTERNAL_PORT = 8884;

  private static final String USERS =
      Stream.of("victim", "attacker", "herald")
          .map(SessionSafetyE2eTest::user)
          .reduce("", String::concat);

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        listeners:
        - {name: mqtts, port: 8883}
        - {name: open, port: 1883, authentication: Anonymous, acceptTakeover: true, tls: {enabled: false}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: mail}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: [mail], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;

  SessionSafetyE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(MANIFESTS + USERS);
  }

  @ParameterizedTest
  @EnumSource
  void anotherUserWithTheSameClientIdTakesNothingOver(Protocol protocol) {
    var victim = broker.client("victim").protocol(protocol).clientId("victim");
    var attacker = broker.client("attacker").protocol(protocol).clientId("victim");
    // Leaves the attacker without a session of its own, so that one that it finds is the victim's.
    attacker.connect().close();
    try (var attacked = victim.connect()) {
      attacked.subscribe("mail");
      try (var attack = attacker.keepingSession().connect();
          var herald = broker.client("herald").connect()) {
        herald.publish("mail", "for " + protocol);

        Awaitility.await("mail")
            .atMost(Cluster.APPLY_LIMIT)
            .until(
                () ->
                    attacked.received().stream()
                        .anyMatch(message -> message.payload().equals("for " + protocol)));
        assertThat(attacked.isConnected()).isTrue();
        assertThat(attack.isSessionPresent()).isFalse();
      }
    }
  }

  @Test
  void anotherUserWithTheSameClientIdTakesNoOfflineSessionOver() {
    var victim = broker.client("victim").clientId("victim").keepingSession();
    try (var session = victim.connect()) {
      session.subscribe("mail");
    }
    // Leaves the attacker without a session of its own, so that one that it finds is the victim's.
    broker.client("attacker").connect().close();
    try (var herald = broker.client("herald").connect();
        var attack = broker.client("attacker").clientId("victim").keepingSession().connect()) {
      assertThat(attack.isSessionPresent()).isFalse();
      assertThat(herald.publish("mail", "while away")).isZero();
    }
    try (var session = victim.connect()) {
      assertThat(session.isSessionPresent()).isTrue();
      awaitMessage(session, "while away");
    }
  }

  @Test
  void aUserMadeAgainInheritsNoOfflineSession() {
    cluster.applyAndAwait(user("phoenix"));
    try (var session = broker.client("phoenix").keepingSession().connect()) {
      session.subscribe("mail");
    }
    // The session is really kept: else the rest would show nothing.
    try (var session = broker.client("phoenix").keepingSession().connect()) {
      assertThat(session.isSessionPresent()).isTrue();
    }

    cluster.delete("mqu", "phoenix");
    try (var herald = broker.client("herald").connect()) {
      herald.publish("mail", "for the one before");
      cluster.applyAndAwait(user("phoenix"));

      try (var session = broker.client("phoenix").keepingSession().connect()) {
        assertThat(session.isSessionPresent()).isFalse();
        session.subscribe("mail");
        herald.publish("mail", "for the new one");
        awaitMessage(session, "for the new one");
        assertThat(session.received()).hasSize(1);
      }
    }
  }

  private static void awaitMessage(Session session, String payload) {
    Awaitility.await("message " + payload)
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                session.received().stream().anyMatch(message -> message.payload().equals(payload)));
  }

  /**
   * What the operator itself, or nobody, is called; each without, with an empty, with a password.
   */
  Stream<Login> internalNames() {
    var account = operatorAccount();
    var head =
        new String(cluster.secret("fleet-files").get("password-head"), StandardCharsets.UTF_8);
    var nobody = head.substring(0, head.indexOf(':'));
    assertThat(account).startsWith("$mqtt-operator");
    assertThat(nobody).startsWith("$mqtt-operator");
    return Stream.of(account, nobody)
        .flatMap(
            name ->
                Stream.of(
                    new Login(name, "").withoutPassword(),
                    new Login(name, ""),
                    new Login(name, "x")));
  }

  private String operatorAccount() {
    return Login.text(cluster.secret("fleet-operator"), "account");
  }

  @ParameterizedTest
  @MethodSource("internalNames")
  void internalNamesLogInNowhere(Login login) {
    for (var protocol : Protocol.values()) {
      // MQTT 3.1.1 too allows a username without a password.
      assertNotAuthorized(broker.client("victim").login(login).protocol(protocol));
      assertNotAuthorized(open().login(login).clientId("any").protocol(protocol));
    }
  }

  @Test
  void aUsersNameIsWorthNothingOnAnAnonymousListenerWithoutItsPassword() {
    var victim = broker.login("victim");

    assertNotAuthorized(open().login(victim.withoutPassword()));
    assertNotAuthorized(open().login(victim.withPassword("x")));
    open().connect().close();
  }

  private Client open() {
    return Client.withoutTls(broker.service(OPEN_PORT));
  }

  @Test
  void theInternalListenerTakesNoClientWithoutACertificateOfItsOwnAuthority() throws Exception {
    var forged = KeyMaterial.selfSigned(operatorAccount());
    var ofServer = KeyMaterial.of(cluster.secret("fleet-server"));
    var ofOperator = KeyMaterial.of(cluster.secret("fleet-operator"));

    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> handshake())
        .withMessageContaining("certificate_required");
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> handshake(forged))
        .withMessageContaining("unknown_ca");
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> handshake(ofServer))
        .withMessageContaining("unknown_ca");
    // With the right one the broker waits for CONNECT: the refusals above are not of any client.
    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> handshake(ofOperator));
  }

  @Test
  void theInternalListenerIsNoPortOfTheService() {
    var ports =
        cluster
            .client()
            .services()
            .inNamespace(cluster.namespace())
            .withName("fleet")
            .require()
            .getSpec()
            .getPorts();

    assertThat(ports).extracting(port -> port.getPort()).containsExactlyInAnyOrder(8883, 1883);
  }

  /**
   * Handshakes, and reads what the server says then: in TLS 1.3 it refuses only after the client.
   */
  private void handshake(KeyManager... keys) throws IOException {
    var address = broker.pod(INTERNAL_PORT);
    try (var socket = (SSLSocket) context(keys).getSocketFactory().createSocket()) {
      socket.setSoTimeout(2000);
      socket.connect(address, 5000);
      socket.startHandshake();
      assertThat(socket.getInputStream().read()).as("a byte before CONNECT").isNegative();
    }
  }

  private static SSLContext context(KeyManager... keys) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys, KeyMaterial.trustingAnybody(), null);
      return context;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertNotAuthorized(Client client) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client::connect)
        .satisfies(refused -> assertThat(refused.isNotAuthorized()).as("%s", refused).isTrue());
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
}
