package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A database that Mosquitto cannot read keeps no broker from serving, and is never lost. */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DatabaseE2eTest {

  private static final String DATABASE = "/mosquitto/data/mosquitto.db";
  private static final Pattern KEPT = Pattern.compile("mosquitto\\.db\\.unreadable-[0-9TZ]+");

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec: {storage: {autosaveInterval: 24h}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: one}
      spec: {brokerRef: {name: fleet}}
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

  DatabaseE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(MANIFESTS);
  }

  /** Mosquitto is killed: in an orderly end it would save over the damage. */
  @Test
  @Order(1)
  void isSetAsideAndToldOf() {
    var digest = damageAndKill("head -c 1000 /dev/urandom");

    var warning = awaitWarning();
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);

    assertThat(warning).startsWith("Pod fleet-0: its database was set aside: mosquitto.db cannot");
    assertThat(digestOf("/mosquitto/data/" + kept(warning))).isEqualTo(digest);
    assertThat(events()).filteredOn(event -> warning.equals(event.getNote())).hasSize(1);
    try (var session = broker.client("one").connect()) {
      assertThat(session.publish("one/x", "x", true)).isNotEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
  }

  /** The pod saves at its end what came after; what was kept stays as it was. */
  @Test
  @Order(2)
  void staysWhenThePodIsReplaced() {
    var kept = "/mosquitto/data/" + kept(awaitWarning());
    var digest = digestOf(kept);
    var before = broker.incarnation();

    cluster.kubectl().run("delete", "pod/fleet-0").orFail();

    awaitAnother(before);
    assertThat(digestOf(kept)).isEqualTo(digest);
    Awaitility.await("nothing to warn of any more")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> warnings().isEmpty());
  }

  /** Mosquitto starts with this one, but leaves out what it does not know. */
  @Test
  @Order(3)
  void isSetAsideToo() {
    var digest =
        damageAndKill(
            "{ head -c 47 %s; printf '\\377\\377\\377\\377\\0\\0\\0\\4none'; }"
                .formatted(DATABASE));

    assertThat(digestOf("/mosquitto/data/" + kept(awaitWarning()))).isEqualTo(digest);
    assertThat(exec("ls " + DATABASE + ".unreadable-* | wc -l").orFail()).isEqualTo("2\n");
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
  }

  /** Replaces the database by what a command writes; returns its digest. */
  private String damageAndKill(String command) {
    var before = broker.incarnation();
    var script =
        "%s >$d.new && mv $d.new $d && sha256sum <$d && %s"
            .formatted(command, MosquittoInPod.signal("KILL"));
    var digest = exec("d=" + DATABASE + "; " + script).orFail();
    awaitAnother(before);
    return digest;
  }

  private void awaitAnother(Object incarnation) {
    Awaitility.await("another incarnation, ready")
        .atMost(Cluster.START_LIMIT)
        .ignoreExceptions()
        .until(
            () ->
                broker.onlyPod().getStatus().getContainerStatuses().getFirst().getReady()
                    && !broker.incarnation().equals(incarnation));
  }

  private String digestOf(String file) {
    return exec("sha256sum <" + file).orFail();
  }

  private Kubectl.Result exec(String script) {
    return cluster.kubectl().run("exec", "fleet-0", "--", "sh", "-c", script);
  }

  private String awaitWarning() {
    return Awaitility.await("a warning of the database")
        .atMost(Cluster.START_LIMIT)
        .until(this::warnings, found -> found.size() == 1)
        .getFirst();
  }

  private List<String> warnings() {
    List<String> warnings = cluster.get("mqb", "fleet").get("status", "warnings");
    return warnings == null
        ? List.of()
        : warnings.stream().filter(warning -> warning.contains("database")).toList();
  }

  private static String kept(String warning) {
    var name = KEPT.matcher(warning);
    assertThat(name.find()).as(warning).isTrue();
    return name.group();
  }

  private List<Event> events() {
    return cluster
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(cluster.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> "DatabaseSetAside".equals(event.getReason()))
        .toList();
  }
}
