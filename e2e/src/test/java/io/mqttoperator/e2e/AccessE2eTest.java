package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may publish and receive what: every kind of subject, effect and placeholder, as clients see
 * it. {@code watcher} receives all that is published, {@code herald} publishes anything.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AccessE2eTest {

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
      kind: MqttUser
      metadata: {name: watcher}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: herald}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: alice, labels: {team: red}}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: bob, labels: {team: blue}}
      spec: {brokerRef: {name: fleet}, username: Bob.Builder@site-1}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: apparatus}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: watcher}]
        rules: [{topics: ["#"], access: [Subscribe]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: heralds}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: herald}]
        rules: [{topics: ["#"], access: [Publish]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: by-user}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: alice}]
        rules:
        - {topics: [direct/out, "direct/+/out"], access: [Publish]}
        - {topics: [direct/in], access: [Subscribe]}
        - {topics: [direct/both], access: [Publish, Subscribe]}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: by-selector}
      spec:
        brokerRef: {name: fleet}
        subjects:
        - userSelector: {matchLabels: {team: red}}
        - userSelector: {matchExpressions: [{key: lead, operator: Exists}]}
        rules: [{topics: ["red/#"], access: [Publish, Subscribe]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: for-all}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules:
        - {topics: ["all/{username}/{namespace}/+"], access: [Publish, Subscribe]}
        - {topics: ["sync/#"], access: [Publish, Subscribe]}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: for-anonymous}
      spec:
        brokerRef: {name: fleet}
        subjects: [{anonymous: true}]
        rules:
        - {topics: ["open/{namespace}/#", "sync/#"], access: [Publish, Subscribe]}
        - {topics: ["open/{namespace}/shut"], effect: Deny}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: denied}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: alice}]
        rules: [{topics: ["red/secret/#", "all/+/+/never"], effect: Deny}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: denied-by-selector}
      spec:
        brokerRef: {name: fleet}
        subjects: [{userSelector: {matchLabels: {team: red}}}]
        rules: [{topics: ["red/closed/+"], effect: Deny}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: denied-to-all}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["all/{username}/{namespace}/nobody"], effect: Deny}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: statistics}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: bob}]
        rules: [{topics: ["$SYS/broker/version"], access: [Subscribe]}]
      """;

  private static final String ANONYMOUS = "";
  private static final boolean YES = true;
  private static final boolean NO = false;

  private final Cluster cluster;
  private final Broker broker;
  private Session watcher;
  private Session herald;

  AccessE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    cluster.applyAndAwait(MANIFESTS);
    watcher = broker.client("watcher").connect();
    herald = broker.client("herald").connect();
  }

  @BeforeAll
  void watch() {
    watcher.subscribe("#");
  }

  @AfterAll
  void disconnect() {
    watcher.close();
    herald.close();
  }

  /** User, topic, whether it may publish to it, and whether it may receive from it. */
  static Stream<Arguments> rights() {
    return Stream.of(
            // by name
            Arguments.of("alice", "direct/out", YES, NO),
            Arguments.of("alice", "direct/in", NO, YES),
            Arguments.of("alice", "direct/both", YES, YES),
            Arguments.of("alice", "direct/both/below", NO, NO),
            Arguments.of("alice", "direct/any/out", YES, NO),
            Arguments.of("alice", "direct/two/levels/out", NO, NO),
            Arguments.of("alice", "other", NO, NO),
            Arguments.of("bob", "direct/both", NO, NO),
            // by label; # covers the level above it
            Arguments.of("alice", "red", YES, YES),
            Arguments.of("alice", "red/a/b/c", YES, YES),
            Arguments.of("bob", "red/a", NO, NO),
            Arguments.of("alice", "redder", NO, NO),
            // Deny from another MqttAcl, at the level itself and below
            Arguments.of("alice", "red/secret", NO, NO),
            Arguments.of("alice", "red/secret/plan", NO, NO),
            Arguments.of("alice", "red/secrets", YES, YES),
            // Deny for a label, and for all users with placeholders
            Arguments.of("alice", "red/closed/door", NO, NO),
            Arguments.of("alice", "red/closed/door/knob", YES, YES),
            Arguments.of("alice", "all/alice/{namespace}/nobody", NO, NO),
            Arguments.of("bob", "all/Bob.Builder@site-1/{namespace}/nobody", NO, NO),
            // all users, with placeholders
            Arguments.of("alice", "all/alice/{namespace}/x", YES, YES),
            Arguments.of("alice", "all/alice/{namespace}/never", NO, NO),
            Arguments.of("alice", "all/Bob.Builder@site-1/{namespace}/x", NO, NO),
            Arguments.of("alice", "all/alice/other/x", NO, NO),
            Arguments.of("alice", "all/alice/{namespace}/x/y", NO, NO),
            Arguments.of("bob", "all/Bob.Builder@site-1/{namespace}/x", YES, YES),
            Arguments.of("bob", "all/Bob.Builder@site-1/{namespace}/never", YES, YES),
            Arguments.of("bob", "all/bob/{namespace}/x", NO, NO),
            // anonymous: nothing of all users', and the users nothing of theirs
            Arguments.of(ANONYMOUS, "open/{namespace}/x", YES, YES),
            Arguments.of(ANONYMOUS, "open/{namespace}/shut", NO, NO),
            Arguments.of(ANONYMOUS, "open/other/x", NO, NO),
            Arguments.of(ANONYMOUS, "all//{namespace}/x", NO, NO),
            Arguments.of(ANONYMOUS, "red/a", NO, NO),
            Arguments.of("alice", "open/{namespace}/x", NO, NO))
        .flatMap(
            row ->
                Stream.of(Protocol.values())
                    .map(
                        protocol ->
                            Arguments.of(
                                row.get()[0], row.get()[1], row.get()[2], row.get()[3], protocol)));
  }

  @Order(1)
  @ParameterizedTest(name = "{4}: \"{0}\" at {1}: publish {2}, receive {3}")
  @MethodSource("rights")
  void allowsWhatTheRulesSay(
      String user, String template, boolean publishes, boolean receives, Protocol protocol) {
    var topic = template.replace("{namespace}", cluster.namespace());
    try (var session = client(user).protocol(protocol).connect()) {
      assertThat(arrives(session, watcher, topic, protocol)).as("publishes").isEqualTo(publishes);
      session.subscribe(topic);
      session.subscribe("sync/#");
      assertThat(arrives(herald, session, topic, Protocol.MQTT_3_1_1))
          .as("receives")
          .isEqualTo(receives);
    }
  }

  private Client client(String user) {
    return user.equals(ANONYMOUS) ? Client.withoutTls(broker.service(1883)) : broker.client(user);
  }

  /**
   * Whether a message gets from one to the other. A second one that always does, sent after it on
   * the same connection, tells when the wait is over.
   */
  private static boolean arrives(Session from, Session to, String topic, Protocol protocol) {
    var message = UUID.randomUUID().toString();
    var sync = UUID.randomUUID().toString();
    var code = from.publish(topic, message);
    from.publish("sync/" + sync, sync);
    Awaitility.await("sync after " + topic)
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> to.received().stream().anyMatch(seen -> seen.payload().equals(sync)));
    var arrived = to.received().stream().anyMatch(seen -> seen.payload().equals(message));
    if (protocol == Protocol.MQTT_5) {
      assertThat(code).as("reason code").isEqualTo(arrived ? 0 : Refused.V5_NOT_AUTHORIZED);
    }
    return arrived;
  }

  @Order(2)
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "$CONTROL/dynamic-security/v1",
        "$SYS/broker/version",
        "$mqtt-operator/revision/x"
      })
  void allTopicsDoNotCoverThoseThatBeginWithADollar(String topic) {
    assertThat(herald.publish(topic, "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
  }

  @Order(2)
  @Test
  void statisticsAreForThoseWhoMayReadThem() {
    try (var bob = broker.client("bob").connect();
        var alice = broker.client("alice").connect()) {
      for (var session : java.util.List.of(bob, alice, watcher)) {
        session.subscribe("$SYS/#");
        session.subscribe("sync/#");
        arrives(herald, session, "sync/statistics", Protocol.MQTT_3_1_1);
      }

      assertThat(bob.received().stream().map(Message::topic).filter(AccessE2eTest::isStatistic))
          .containsOnly("$SYS/broker/version");
      assertThat(alice.received()).extracting(Message::topic).noneMatch(AccessE2eTest::isStatistic);
      assertThat(watcher.received())
          .extracting(Message::topic)
          .noneMatch(AccessE2eTest::isStatistic);
    }
  }

  private static boolean isStatistic(String topic) {
    return topic.startsWith("$SYS");
  }

  @Order(3)
  @Test
  void aLabelMovesAUserInAndOutOfASelectorWhileItIsConnected() {
    try (var alice = broker.client("alice").connect();
        var bob = broker.client("bob").connect()) {
      assertThat(alice.publish("red/x", "before")).isZero();
      assertThat(bob.publish("red/x", "before")).isEqualTo(Refused.V5_NOT_AUTHORIZED);

      cluster.kubectl().run("label", "mqu/alice", "team-").orFail();
      cluster.kubectl().run("label", "mqu/bob", "lead=yes").orFail();

      awaitCode(alice, Refused.V5_NOT_AUTHORIZED);
      awaitCode(bob, 0);
      Awaitility.await("matchedUsers")
          .atMost(Cluster.APPLY_LIMIT)
          .until(
              () ->
                  Integer.valueOf(1)
                      .equals(
                          cluster.get("mqttacls", "by-selector").get("status", "matchedUsers")));
    }
  }

  private static void awaitCode(Session session, int code) {
    Awaitility.await("reason code " + code)
        .atMost(Cluster.APPLY_LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> session.publish("red/x", "after") == code);
    assertThat(session.isConnected()).isTrue();
  }
}
