package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The operator comes and goes, and brokers do not notice: it is no part of what serves clients, and
 * what it finds as it should be it leaves alone. No other test may run meanwhile.
 */
@OnCluster
@Isolated
final class OperatorE2eTest {

  private static final Duration IDLE = Duration.ofSeconds(30);

  /** All that is made for brokers and users, and what they are made from. */
  private static final String EVERYTHING =
      "mqb,mqu,mqa,sts,pods,pvc,secrets,configmaps,services,serviceaccounts,pdb,networkpolicies";

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: own-topics}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["{username}/#"], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final Installation operator;
  private final int replicas;

  OperatorE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    this.operator = new Installation(cluster);
    this.replicas = operator.replicas();
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(
        BROKER + user("drone", "") + user("lasting", "") + user("old", "disabled: true"));
  }

  /** Whatever a test has left behind, others need it as it was. */
  @AfterEach
  void restoreTheOperator() {
    operator.scale(replicas);
    operator.awaitLeader();
  }

  private static String user(String name, String more) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec:
             brokerRef: {name: fleet}
             %s
           """
        .formatted(name, more);
  }

  @Test
  void anUpgradeAndARestartWriteNothing() {
    awaitQuiet();
    var before = everything();
    var incarnation = broker.incarnation();
    var audit = AuditLog.open();

    operator.upgradeWithTheSameValues();
    operator.restart();
    operator.awaitLeader();
    Awaitility.await("an idle time with a new operator")
        .during(IDLE)
        .atMost(IDLE.plus(Cluster.APPLY_LIMIT))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> everything().equals(before));

    assertThat(broker.incarnation()).isEqualTo(incarnation);
    audit.ifPresent(
        log -> assertThat(log.operatorWrites(cluster.namespace())).as("writes").isEmpty());
    assertEnforcesChanges("after-restart");
  }

  @Test
  void aStandbyTakesOverFromALeaderThatIsKilled() {
    operator.scale(2);
    operator.awaitLeader();
    var leader = operator.leader();
    var incarnation = broker.incarnation();

    operator.kill(leader);
    // Its container works on for a moment after the pod is gone.
    Awaitility.await("another leader")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> !leader.equals(operator.leader()));
    cluster.apply(user("after-kill", ""));

    cluster.awaitReady("mqu", "after-kill", Cluster.APPLY_LIMIT);
    broker.client("after-kill").connect().close();
    assertThat(broker.incarnation()).isEqualTo(incarnation);
  }

  /** It gives up its lease as it ends: nobody waits the 15 seconds until it would run out. */
  @Test
  void aLeaderThatIsToldToEndHandsOverAtOnce() {
    operator.scale(2);
    operator.awaitLeader();
    var leader = operator.leader();
    var told = Instant.now();
    operator.end(leader);
    Awaitility.await("another leader")
        .atMost(Duration.ofSeconds(12))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !operator.leader().isEmpty() && !operator.leader().equals(leader));
    System.out.println(
        "a leader that is told to end hands over in " + Duration.between(told, Instant.now()));
    cluster.apply(user("after-handover", ""));
    cluster.awaitReady("mqu", "after-handover", Cluster.APPLY_LIMIT);
    broker.client("after-handover").connect().close();
  }

  @Test
  void withoutAnOperatorBrokersServeAndRestart() {
    cluster.applyAndAwait(user("leaver", "") + user("suspended", ""));
    try (var session = broker.client("drone").connect()) {
      operator.scale(0);
      session.publish("drone/x", "x");
      assertThat(session.isConnected()).isTrue();
    }
    var before = broker.incarnation();
    cluster.kubectl().run("delete", "pod/fleet-0").orFail();
    awaitIncarnationAfter(before);
    assertServes();

    cluster.apply(user("meanwhile", "") + user("suspended", "disabled: true"));
    cluster.kubectl().run("delete", "mqu/leaver", "--wait=false").orFail();
    assertThat(Kstatus.of(cluster.get("mqu", "meanwhile"))).isEqualTo(Kstatus.IN_PROGRESS);
    assertThat(Kstatus.of(cluster.get("mqu", "suspended"))).isEqualTo(Kstatus.IN_PROGRESS);
    var leaver = broker.client("leaver");
    var suspended = broker.client("suspended");
    leaver.connect().close();
    suspended.connect().close();
    operator.scale(1);

    cluster.awaitReady("mqu", "meanwhile", Cluster.START_LIMIT);
    broker.client("meanwhile").connect().close();
    cluster.awaitReady("mqu", "suspended", Cluster.START_LIMIT);
    assertNotAuthorized(suspended);
    cluster.kubectl().run("wait", "--for=delete", "mqu/leaver", "--timeout=30s").orFail();
    assertNotAuthorized(leaver);
  }

  @Test
  void itTellsMachinesHowItIs() {
    operator.awaitLeader();
    var pod = operator.leader();
    assertThat(operator.get(pod, "/healthz")).contains("ok");
    assertThat(operator.get(pod, "/readyz")).contains("ok");
    Awaitility.await("the first proof of this leader")
        .atMost(Cluster.APPLY_LIMIT)
        .untilAsserted(
            () ->
                assertThat(operator.get(pod, "/metrics"))
                    .contains(
                        "mqtt_operator_reconcile_seconds_count{outcome=\"ended\"}",
                        "mqtt_operator_proof_seconds_count{outcome=\"enforced\"}",
                        "mqtt_operator_pod_connections_total",
                        "mqtt_operator_pod_connections_lost_total",
                        "mqtt_operator_released_unproven_total"));
    var lines =
        operator.log(pod).lines().filter(line -> !line.startsWith("Picked up JAVA_")).toList();
    assertThat(lines).isNotEmpty();
    for (var line : lines) {
      assertThat(Serialization.unmarshal(line, Map.class).get("level")).as(line).isNotNull();
    }
  }

  @Test
  void forOneNamespaceItNeedsNoRightOutsideIt() throws IOException {
    var values = Files.createTempFile("e2e-values", ".yaml");
    Files.writeString(values, operator.values());
    operator.scale(0);
    operator.installIn(cluster.namespace(), values);
    try {
      cluster.applyAndAwait(
          BROKER.replace("fleet", "local").replace("own-topics", "local-topics")
              + user("resident", "").replace("fleet", "local"));
      cluster.broker("local").client("resident").connect().close();
      cluster.delete("mqu", "resident");
      cluster.delete("mqb", "local");
    } finally {
      operator.uninstallFrom(cluster.namespace());
      Files.delete(values);
    }
    assertServes();
  }

  @Test
  void itIsUninstalledAndInstalledAgain() throws IOException {
    var values = Files.createTempFile("e2e-values", ".yaml");
    Files.writeString(values, operator.values());
    cluster.applyAndAwait(user("orphan", ""));
    var incarnation = broker.incarnation();
    try (var session = broker.client("lasting").connect()) {
      operator.uninstall();
      try {
        assertThat(finalizers()).as("finalizers of users and ACLs, of all namespaces").isEmpty();
        assertThat(session.publish("lasting/x", "x")).isEqualTo(0x10);
        assertServes();
        cluster.delete("mqu", "orphan");
      } finally {
        operator.install(values);
        Files.delete(values);
      }
      operator.awaitLeader();
      assertEnforcesChanges("after-install");
      assertThat(session.publish("lasting/x", "x")).isEqualTo(0x10);
      assertThat(session.isConnected()).isTrue();
    }
    assertThat(broker.incarnation()).isEqualTo(incarnation);
    assertThat(cluster.get("mqu", "drone").getMetadata().getFinalizers()).isNotEmpty();
  }

  private String finalizers() {
    return cluster
        .kubectl()
        .run(
            "get",
            "mqu,mqa",
            "--all-namespaces",
            "-o",
            "jsonpath={range .items[*]}{.metadata.finalizers}{end}")
        .orFail();
  }

  private void assertServes() {
    try (var session = broker.client("drone").connect()) {
      assertThat(session.publish("drone/x", "x")).isEqualTo(0x10);
      assertThat(session.publish("other/x", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
    assertNotAuthorized(broker.client("drone").login(broker.login("old")));
  }

  private void assertEnforcesChanges(String user) {
    cluster.applyAndAwait(user(user, ""));
    broker.client(user).connect().close();
  }

  private static void assertNotAuthorized(Client client) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client::connect)
        .satisfies(refused -> assertThat(refused.isNotAuthorized()).as("%s", refused).isTrue());
  }

  private void awaitIncarnationAfter(Map<String, String> before) {
    Awaitility.await("another incarnation, ready")
        .atMost(Cluster.START_LIMIT)
        .ignoreExceptions()
        .until(
            () ->
                !broker.incarnation().equals(before)
                    && broker.onlyPod().getStatus().getContainerStatuses().getFirst().getReady());
  }

  /** What is made by the first apply may still be on its way to the last status. */
  private void awaitQuiet() {
    var quiet = Duration.ofSeconds(5);
    var last = new AtomicReference<>(everything());
    Awaitility.await("no change for " + quiet)
        .during(quiet)
        .atMost(Cluster.START_LIMIT)
        .until(
            () -> {
              var now = everything();
              return now.equals(last.getAndSet(now));
            });
  }

  private Map<String, String> everything() {
    return ResourceVersions.of(cluster, EVERYTHING);
  }
}
