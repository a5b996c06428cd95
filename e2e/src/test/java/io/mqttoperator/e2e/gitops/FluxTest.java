package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_ALLOWED;
import static io.mqttoperator.e2e.gitops.Doors.Answer.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a team changes by commits alone is true when Flux says so, and a mistake changes nothing.
 */
@OnCluster
final class FluxTest extends OnProduction<Flux> {

  private static final int NOT_AUTHORIZED = 0x87;

  FluxTest(Cluster cluster, @TempDir Path clone) {
    super(Flux.in(cluster), cluster, clone);
  }

  @Test
  void fluxNeverSaysReadyBeforeItIsTrue() {
    var versions = production.tool().versions();
    var said = versions.stream().filter(Flux::isReady).toList();

    assertThat(versions).as("how it began").first().matches(version -> !Flux.isReady(version));
    assertThat(said).isNotEmpty();
    assertThat(production.at(said.getFirst()).names())
        .contains("MqttBroker/fleet", "MqttUser/meter-1", "MqttUser/dashboard", "MqttAcl/devices");
    assertPublishing("telemetry", TAKEN);
    assertEach(production.doors().publish("meter-1", "devices/meter-2/telemetry"), NOT_ALLOWED);
  }

  @Test
  void anAddedUserIsServedByEveryPod() {
    production.addMeter3();
    production.awaitApplied(repository.commit("Add a meter"));

    assertEach(production.doors().publish("meter-3", "devices/meter-3/telemetry"), TAKEN);
  }

  @Test
  void changedRulesAreEnforcedAndARevertEnforcesTheOldOnes() {
    try (var bystander = production.doors().connect("meter-2")) {
      production.renameTelemetry();
      production.awaitApplied(repository.commit("Call it readings"));
      assertPublishing("readings", TAKEN);
      assertPublishing("telemetry", NOT_ALLOWED);

      production.awaitApplied(repository.revert());
      assertPublishing("readings", NOT_ALLOWED);
      assertPublishing("telemetry", TAKEN);
      assertThat(bystander.isConnected()).as("whom it did not concern").isTrue();
    }
  }

  @Test
  void whatTheApiServerRefusesChangesNothing() {
    try (var bystander = production.doors().connect("meter-2")) {
      production.addMeter3();
      repository.replace(Production.ACLS, "devices/+/commands", "devices/#/commands");
      var failure =
          production
              .tool()
              .awaitFailed(repository.commit("Use a wrong filter"), "ReconciliationFailed");

      assertThat(failure.message())
          .contains("MqttAcl/" + cluster.namespace() + "/dashboard")
          .contains("spec.rules[1].topics[0]")
          .contains("let + and # stand");
      assertThat(cluster.isGone("mqu", "meter-3")).as("what else was in the commit").isTrue();
      assertThat(bystander.publish("devices/meter-2/telemetry", "x")).isNotEqualTo(NOT_AUTHORIZED);
      production.awaitApplied(repository.revert());
      assertThat(bystander.isConnected()).isTrue();
    }
  }

  /** Flux says which object failed; why stands in that object. */
  @Test
  void whatTheOperatorRefusesFailsAndWhatRanKeepsRunning() {
    try (var bystander = production.doors().connect("meter-2")) {
      production.saveTooMuchMemory();
      var failure =
          production
              .tool()
              .awaitFailed(repository.commit("Save too much memory"), "HealthCheckFailed");

      assertThat(failure.message())
          .contains("MqttBroker/" + cluster.namespace() + "/fleet status: 'Failed'");
      assertThat(cluster.condition("mqb", "fleet", "Stalled"))
          .hasValueSatisfying(
              stalled -> {
                assertThat(stalled.status()).isEqualTo("True");
                assertThat(stalled.message()).contains("spec.resources.limits.memory");
              });
      assertThat(bystander.publish("devices/meter-2/telemetry", "x")).isNotEqualTo(NOT_AUTHORIZED);
      production.awaitApplied(repository.revert());
      assertThat(bystander.isConnected()).isTrue();
    }
  }
}
