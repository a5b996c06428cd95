package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_ALLOWED;
import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_LET_IN;
import static io.mqttoperator.e2e.gitops.Doors.Answer.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Argo CD, with our health, keeps the example's production, and its health is the truth. */
@OnCluster
final class ArgoTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final Production<Argo> production;
  private final Repository repository;

  ArgoTest(Cluster cluster, @TempDir Path clone) {
    this.cluster = cluster;
    this.production = Production.under(Argo.in(cluster), cluster, clone);
    this.repository = production.repository();
  }

  @BeforeAll
  void install() {
    production.install();
  }

  @AfterEach
  void restore() {
    production.restore();
  }

  @AfterAll
  void leave() {
    production.close();
  }

  @Test
  void argoNeverSaysHealthyBeforeItIsTrue() {
    var said =
        production.tool().versions().stream()
            .filter(version -> Argo.health(version).equals("Healthy"))
            .findFirst()
            .orElseThrow();

    assertThat(production.at(said).unready()).isEmpty();
    assertThat(Argo.healths(said))
        .containsKeys("MqttBroker/fleet", "MqttUser/meter-1", "MqttAcl/devices");
    assertPublishing("telemetry", TAKEN);
  }

  /** What each pod answers to meter-1 that publishes below its name. */
  private void assertPublishing(String topic, Doors.Answer answer) {
    assertThat(production.doors().publish("meter-1", "devices/meter-1/" + topic).values())
        .as("answers to meter-1 that publishes " + topic)
        .hasSize(Production.PODS)
        .containsOnly(answer);
  }

  @Test
  void changedRulesAreEnforcedAndARevertEnforcesTheOldOnes() {
    repository.replace(
        Production.ACLS, "devices/{username}/telemetry", "devices/{username}/readings");
    production.awaitApplied(repository.commit("Call it readings"));
    assertPublishing("readings", TAKEN);
    assertPublishing("telemetry", NOT_ALLOWED);

    production.awaitApplied(repository.revert());
    assertPublishing("readings", NOT_ALLOWED);
    assertPublishing("telemetry", TAKEN);
  }

  @Test
  void whatTheOperatorRefusesIsDegradedWithItsReason() {
    try (var bystander = production.doors().connect("meter-2")) {
      repository.replace(
          Production.OVERLAY,
          "replicas: 3",
          "replicas: 3\n        resources: {limits: {memory: 16Mi}}");
      var degraded =
          production.tool().await(repository.commit("Save too much"), "Synced", "Degraded");

      assertThat(Argo.healths(degraded).get("MqttBroker/fleet"))
          .contains("status=Degraded")
          .contains("raise spec.resources.limits.memory");
      assertThat(bystander.isConnected()).isTrue();
    }
  }

  @Test
  void aPrunedUserLosesAccess() {
    var doors = production.doors();
    var login = doors.broker().login("meter-2");
    production.removeMeter2();
    production.tool().awaitApplied(repository.commit("Remove a meter"));

    cluster.kubectl().run("wait", "--for=delete", "mqu/meter-2", "--timeout=60s").orFail();
    assertThat(doors.publish(login, doors.broker().trust(), "devices/meter-2/telemetry").values())
        .hasSize(Production.PODS)
        .containsOnly(NOT_LET_IN);
  }

  @Test
  void driftIsPutBack() {
    cluster
        .kubectl()
        .run("patch", "mqb/fleet", "--type=merge", "--patch", "{\"spec\": {\"replicas\": 2}}")
        .orFail();

    Awaitility.await("as many pods as in Git")
        .atMost(LIMIT)
        .until(() -> cluster.get("mqb", "fleet").get("spec", "replicas").equals(Production.PODS));
    cluster.awaitReady("mqb", "fleet", LIMIT);
  }

  /** Argo CD looks every 5 seconds here. */
  @Test
  void nothingIsWrittenByTurns() {
    var looks = production.tool().versions().size();

    assertThat(production.awaitQuietMinute())
        .contains("MqttBroker/fleet", "Secret/meter-1-mqtt", "Pod/fleet-2");
    var meanwhile = production.tool().versions().stream().skip(looks).toList();
    assertThat(meanwhile).as("Argo CD was at work").isNotEmpty();
    assertThat(meanwhile)
        .as("defaults are no drift")
        .allMatch(version -> "Synced".equals(version.get("status", "sync", "status")));
  }
}
