package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_LET_IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no longer in Git loses its access, and what is not meant to go stays. */
@OnCluster
final class FluxPruneTest extends OnProduction<Flux> {

  FluxPruneTest(Cluster cluster, @TempDir Path clone) {
    super(Flux.in(cluster), cluster, clone);
  }

  @Test
  void aPrunedUserLosesAccess() {
    var doors = production.doors();
    var login = doors.broker().login("meter-2");
    try (var session = doors.connect("meter-2")) {
      production.removeMeter2();
      production.tool().awaitApplied(repository.commit("Remove a meter"));

      cluster.kubectl().run("wait", "--for=delete", "mqu/meter-2", "--timeout=60s").orFail();
      assertThat(session.isConnected()).isFalse();
    }
    assertEach(
        doors.publish(login, doors.broker().trust(), "devices/meter-2/telemetry"), NOT_LET_IN);
  }

  /** Flux does not wait for the end of what it prunes. For a change it does. */
  @Test
  void aDisabledUserIsRefusedByEveryPodWhenFluxSaysReady() {
    var doors = production.doors();
    var login = doors.broker().login("meter-1");
    var devices = repository.read(Production.DEVICES);
    repository.write(
        Production.DEVICES, devices.replaceFirst("(brokerRef: .*)", "$1\n  disabled: true"));
    production.awaitApplied(repository.commit("Disable a meter"));

    assertEach(
        doors.publish(login, doors.broker().trust(), "devices/meter-1/telemetry"), NOT_LET_IN);
  }

  @Test
  void aPrunedBrokerLeavesItsAuthorityAndItsVolumesToTheNext() {
    var login = production.doors().broker().login("meter-1");
    var bundle = production.doors().broker().trustBundle();
    var retained = production.retained();
    production.allowRemoval();
    production.awaitApplied(repository.commit("Allow the removal"));

    production.removeAllButTheNamespace();
    production.tool().awaitApplied(repository.commit("Remove all"));
    production.awaitGone();
    assertThat(production.retained()).isEqualTo(retained).hasSize(1 + Production.PODS);

    production.restore();
    assertThat(production.retained()).isEqualTo(retained);
    assertThat(production.doors().broker().login("meter-1"))
        .as("a new password")
        .isNotEqualTo(login);
    assertServes(bundle);
  }

  /**
   * Flux of this version says so once: at its next look it has forgotten what it could not prune.
   */
  @Test
  void aProtectedBrokerIsNotPruned() {
    try (var bystander = production.doors().connect("meter-2")) {
      production.removeTheBroker();
      var commit = repository.commit("Remove the broker");
      var failure = production.tool().awaitFailed(commit, "PruneFailed");

      assertThat(failure.message())
          .contains("MqttBroker/" + cluster.namespace() + "/fleet delete failed")
          .contains("kubectl annotate")
          .contains("mqttoperator.io/deletion-protection-");
      assertThat(production.awaitApplied(commit).names()).contains("MqttBroker/fleet");
      assertThat(bystander.isConnected()).isTrue();
    }
  }
}
