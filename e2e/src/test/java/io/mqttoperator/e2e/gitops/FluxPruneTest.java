package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_LET_IN;
import static io.mqttoperator.e2e.gitops.Doors.Answer.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no longer in Git loses its access, and what is not meant to go stays. */
@OnCluster
final class FluxPruneTest {

  private final Cluster cluster;
  private final Production<Flux> production;
  private final Repository repository;

  FluxPruneTest(Cluster cluster, @TempDir Path clone) {
    this.cluster = cluster;
    this.production = Production.under(Flux.in(cluster), cluster, clone);
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
  void aPrunedUserLosesAccess() {
    var doors = production.doors();
    var login = doors.broker().login("meter-2");
    try (var session = doors.connect("meter-2")) {
      production.removeMeter2();
      production.tool().awaitApplied(repository.commit("Remove a meter"));

      cluster.kubectl().run("wait", "--for=delete", "mqu/meter-2", "--timeout=60s").orFail();
      assertThat(session.isConnected()).isFalse();
    }
    assertThat(doors.publish(login, doors.broker().trust(), "devices/meter-2/telemetry").values())
        .hasSize(Production.PODS)
        .containsOnly(NOT_LET_IN);
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

    assertThat(doors.publish(login, doors.broker().trust(), "devices/meter-1/telemetry").values())
        .hasSize(Production.PODS)
        .containsOnly(NOT_LET_IN);
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
    assertThat(production.doors().broker().trustBundle()).isEqualTo(bundle);
    assertThat(production.doors().broker().login("meter-1"))
        .as("a new password")
        .isNotEqualTo(login);
    assertThat(
            production
                .doors()
                .publish(
                    production.doors().broker().login("meter-1"),
                    Broker.trust(bundle),
                    "devices/meter-1/telemetry")
                .values())
        .hasSize(Production.PODS)
        .containsOnly(TAKEN);
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
