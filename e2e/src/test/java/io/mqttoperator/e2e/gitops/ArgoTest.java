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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Argo CD, with our health, keeps the example's production, and its health is the truth. */
@OnCluster
final class ArgoTest extends OnProduction<Argo> {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  ArgoTest(Cluster cluster, @TempDir Path clone) {
    super(Argo.in(cluster), cluster, clone);
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

  @Test
  void changedRulesAreEnforcedAndARevertEnforcesTheOldOnes() {
    production.renameTelemetry();
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
      production.saveTooMuchMemory();
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
    assertEach(
        doors.publish(login, doors.broker().trust(), "devices/meter-2/telemetry"), NOT_LET_IN);
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
