package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_LET_IN;
import static io.mqttoperator.e2e.gitops.Doors.Answer.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import io.mqttoperator.e2e.ResourceVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no longer in Git loses its access, and what is not meant to go stays. */
@OnCluster
final class FluxPruneTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String PROTECTION =
      "        annotations: {mqttoperator.io/deletion-protection: \"true\"}\n";

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
    var retained = retained();
    repository.replace(Production.OVERLAY, PROTECTION, "");
    production.awaitApplied(repository.commit("Allow the removal"));

    removeAllButTheNamespace();
    production.tool().awaitApplied(repository.commit("Remove all"));
    Awaitility.await("broker, users and ACLs are gone")
        .atMost(LIMIT)
        .until(() -> ResourceVersions.of(cluster, "mqb,mqu,mqa").isEmpty());
    Awaitility.await("the pods are gone")
        .atMost(LIMIT)
        .until(() -> production.doors().broker().pods().isEmpty());
    assertThat(retained()).isEqualTo(retained).hasSize(1 + Production.PODS);

    production.restore();
    assertThat(retained()).isEqualTo(retained);
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

  private void removeAllButTheNamespace() {
    repository.write(
        Production.OVERLAY,
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: %s
        resources:
          - ../../base/mqtt/namespace.yaml
        """
            .formatted(cluster.namespace()));
  }

  /** The CA and the volumes, by their UIDs. */
  private Map<String, String> retained() {
    return ResourceVersions.of(cluster, "secrets,pvc").entrySet().stream()
        .filter(entry -> entry.getKey().matches("Secret/fleet-ca|PersistentVolumeClaim/.*"))
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().split(":", 2)[0]));
  }

  /**
   * Flux of this version says so once: at its next look it has forgotten what it could not prune.
   */
  @Test
  void aProtectedBrokerIsNotPruned() {
    try (var bystander = production.doors().connect("meter-2")) {
      removeTheBroker();
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

  /** And leaves its users and ACLs. */
  private void removeTheBroker() {
    repository.replace("apps/base/mqtt/kustomization.yaml", "  - broker.yaml\n", "");
    var overlay = repository.read(Production.OVERLAY);
    repository.write(Production.OVERLAY, overlay.substring(0, overlay.indexOf("patches:")));
  }
}
