package io.mqttoperator.e2e.gitops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Argo CD removes a broker, or is to, and what is not meant to go stays. */
@OnCluster
final class ArgoPruneTest extends OnProduction<Argo> {

  private static final String CERTIFICATE_LISTENER =
      """
      replicas: 3
              listeners:
                - {name: mqtts, port: 8883}
                - {name: devices, port: 8885, authentication: Certificate}\
      """;

  ArgoPruneTest(Cluster cluster, @TempDir Path clone) {
    super(Argo.in(cluster), cluster, clone);
  }

  @Test
  void aProtectedBrokerIsNotPruned() {
    try (var bystander = production.doors().connect("meter-2")) {
      production.removeTheBroker();
      var commit = repository.commit("Remove the broker");

      assertThat(production.tool().awaitFailed(commit, "MqttBroker"))
          .contains("kubectl annotate")
          .contains("mqttoperator.io/deletion-protection-");
      assertStays();
      assertThat(bystander.isConnected()).isTrue();
    }
  }

  private void assertStays() {
    assertThat(cluster.get("mqb", "fleet").getMetadata().getDeletionTimestamp()).isNull();
    assertThat(production.doors().broker().pods()).hasSize(Production.PODS);
  }

  @Test
  void aPrunedBrokerLeavesItsAuthorityWhatThatRevokedAndItsVolumesToTheNext() {
    production.addMeter3("certificate: {}");
    repository.replace(Production.OVERLAY, "replicas: 3", CERTIFICATE_LISTENER);
    production.allowRemoval();
    production.awaitApplied(repository.commit("Have a device with a certificate"));
    String serial = cluster.get("mqu", "meter-3").get("status", "certificate", "serial");
    assertThat(ledger()).contains(serial).doesNotContain("revoked");
    var bundle = production.doors().broker().trustBundle();
    var retained = production.retained();

    production.removeAllButTheNamespace();
    production.tool().awaitApplied(repository.commit("Remove all"));
    production.awaitGone();
    assertThat(production.retained()).isEqualTo(retained).hasSize(2 + Production.PODS);
    // Revoked by then, or as soon as a broker looks for its user.
    assertThat(ledger()).contains(serial);

    production.restore();
    assertThat(production.retained()).isEqualTo(retained);
    assertThat(ledger()).containsPattern("(?m)^" + serial + " .* revoked ");
    assertServes(bundle);
  }

  /** What was issued, and what of it is revoked. */
  private String ledger() {
    Map<String, byte[]> secret = cluster.secret("fleet-revocations");
    try (var lines =
        new GZIPInputStream(
            new ByteArrayInputStream(secret.getOrDefault("certificates.gz", new byte[0])))) {
      return new String(lines.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code argocd app delete} asks for it: all that the Application has applied is to go. */
  @Test
  void anApplicationThatIsDeletedWithAllLeavesAProtectedBrokerAndTheNamespace() {
    var bundle = production.doors().broker().trustBundle();
    var retained = production.retained();
    var application = "application/mqtt";
    var finalizer = "{\"metadata\":{\"finalizers\":[\"resources-finalizer.argocd.argoproj.io\"]}}";
    cluster.kubectl().run("patch", application, "--type=merge", "-p", finalizer).orFail();
    cluster.kubectl().run("delete", application, "--wait=false").orFail();

    assertThat(production.tool().awaitDeletionError())
        .contains("mqttoperator.io/deletion-protection-");
    assertStays();

    cluster.kubectl().run("annotate", "mqb/fleet", "mqttoperator.io/deletion-protection-").orFail();
    cluster.kubectl().run("wait", "--for=delete", application, "--timeout=2m").orFail();
    production.awaitGone();
    assertThat(production.retained())
        .isEqualTo(retained)
        .containsKeys("Secret/fleet-ca", "PersistentVolumeClaim/data-fleet-0");

    repository.write("README.md", "Once more.\n");
    var commit = repository.commit("Have a broker once more");
    cluster.kubectl().run("apply", "-f", production.manifest()).orFail();
    production.awaitApplied(commit);
    assertThat(production.retained()).isEqualTo(retained);
    assertServes(bundle);
  }
}
