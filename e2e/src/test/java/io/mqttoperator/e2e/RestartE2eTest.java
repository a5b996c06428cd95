package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A pod that goes, for whatever reason, comes back with the same users, rules, limits and retained
 * messages, and nothing is said anew of users and ACLs that are as they were.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RestartE2eTest {

  private static final int LIMIT = 2;

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: one}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: two}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: three}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: suspended}
      spec: {brokerRef: {name: fleet}, disabled: true}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: own-topics}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["{username}/#"], access: [Publish, Subscribe]}]
      ---
      """;

  private final Cluster cluster;
  private final Broker broker;

  RestartE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  /** So long that no test meets an automatic save. */
  @BeforeAll
  void apply() {
    cluster.applyAndAwait(MANIFESTS + fleet("24h"));
  }

  private static String fleet(String autosaveInterval) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: fleet}
           spec:
             listeners: [{name: mqtts, port: 8883, maxConnections: %d}]
             storage: {autosaveInterval: %s}
           """
        .formatted(LIMIT, autosaveInterval);
  }

  @Test
  @Order(1)
  void aBrokerThatIsKilledLosesWhatItHasNotSaved() {
    retain("one/unsaved");

    assertComesBackAfter(this::kill);

    assertThat(retained()).doesNotContain("one/unsaved");
  }

  @Test
  @Order(2)
  void aDeletedPodSavesEverythingFirst() {
    retain("one/deleted");

    assertComesBackAfter(
        () -> cluster.kubectl().run("delete", "pod/fleet-0", "--wait=false").orFail());

    assertThat(retained()).contains("one/deleted");
  }

  @Test
  @Order(3)
  void anEvictedPodSavesEverythingFirst() {
    retain("one/evicted");

    assertComesBackAfter(
        () ->
            assertThat(
                    cluster
                        .client()
                        .pods()
                        .inNamespace(cluster.namespace())
                        .withName("fleet-0")
                        .evict())
                .as("the disruption budget lets it go")
                .isTrue());

    assertThat(retained()).contains("one/deleted", "one/evicted");
  }

  @Test
  @Order(4)
  void aBrokerThatIsKilledKeepsWhatIsOlderThanTheAutosaveInterval() {
    var incarnation = broker.incarnation();
    cluster.applyAndAwait(fleet("1s"));
    assertThat(broker.incarnation()).as("the interval changes by reload").isEqualTo(incarnation);
    retain("one/autosaved");
    Awaitility.await("an automatic save")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> exec("grep -q one/autosaved /mosquitto/data/mosquitto.db").status() == 0);

    assertComesBackAfter(this::kill);

    assertThat(retained()).contains("one/deleted", "one/evicted", "one/autosaved");
  }

  private void retain(String topic) {
    try (var session = connect("one")) {
      assertThat(session.publish(topic, "x", true)).isNotEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
  }

  private List<String> retained() {
    try (var session = connect("one")) {
      session.subscribe("one/#");
      // What is retained comes before what is published after it.
      session.publish("one/end", "x");
      Awaitility.await("the end of what is retained")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> topics(session).contains("one/end"));
      return topics(session);
    }
  }

  private static List<String> topics(Session session) {
    return session.received().stream().map(Message::topic).toList();
  }

  private void kill() {
    exec(MosquittoInPod.signal("KILL")).orFail();
  }

  private Kubectl.Result exec(String script) {
    return cluster.kubectl().run("exec", "fleet-0", "--", "sh", "-c", script);
  }

  private void assertComesBackAfter(Runnable end) {
    var access = accessVersions();
    var before = broker.incarnation();
    end.run();
    Awaitility.await("another incarnation, ready")
        .atMost(Cluster.START_LIMIT)
        .ignoreExceptions()
        .until(() -> isReady() && !broker.incarnation().equals(before));
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);

    assertServesAsBefore();
    assertThat(accessVersions()).as("resource versions of users and ACLs").isEqualTo(access);
  }

  private boolean isReady() {
    return broker.onlyPod().getStatus().getContainerStatuses().getFirst().getReady();
  }

  private void assertServesAsBefore() {
    var sessions = new ArrayList<Session>();
    try {
      for (var user : List.of("one", "two")) {
        var session = connect(user);
        sessions.add(session);
        assertThat(session.publish(user + "/x", "x")).isNotEqualTo(Refused.V5_NOT_AUTHORIZED);
        assertThat(session.publish("three/x", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      }
      assertThatExceptionOfType(Refused.class)
          .as("one connection more than the limit")
          .isThrownBy(() -> broker.client("three").connect());
    } finally {
      sessions.forEach(Session::close);
    }
    Awaitility.await("the broker's own answer to a disabled user")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> refusal("suspended").isNotAuthorized());
  }

  private Refused refusal(String user) {
    try (var session = broker.client(user).connect()) {
      throw new AssertionError(user + " got in: " + session);
    } catch (Refused refused) {
      return refused;
    }
  }

  /** A slot of a connection that has just ended may not be free yet. */
  private Session connect(String user) {
    return Awaitility.await("login of " + user)
        .atMost(Cluster.APPLY_LIMIT)
        .ignoreException(Refused.class)
        .until(() -> broker.client(user).connect(), Session::isConnected);
  }

  private Map<String, String> accessVersions() {
    return ResourceVersions.of(cluster, "mqu,mqa");
  }
}
