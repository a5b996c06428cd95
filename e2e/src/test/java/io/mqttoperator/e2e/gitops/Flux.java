package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Flux says of its Kustomization {@code mqtt}. */
record Flux(Versions kustomization) implements Tool {

  static Flux in(Cluster cluster) {
    return new Flux(new Versions(cluster, "kustomize.toolkit.fluxcd.io/v1", "Kustomization"));
  }

  @Override
  public String manifest() {
    return "clusters/production/mqtt.yaml";
  }

  List<GenericKubernetesResource> versions() {
    return kustomization.seen();
  }

  @Override
  public GenericKubernetesResource awaitApplied(String commit) {
    return kustomization.await(
        "Flux has applied " + commit,
        version -> isReady(version) && isOf(version.get("status", "lastAppliedRevision"), commit));
  }

  /** Waits until Flux says that a commit failed; returns why. */
  Condition awaitFailed(String commit, String reason) {
    var failed =
        kustomization.await(
            "Flux fails on " + commit + " with " + reason,
            version ->
                isOf(version.get("status", "lastAttemptedRevision"), commit)
                    && ready(version)
                        .filter(ready -> ready.status().equals("False"))
                        .filter(ready -> ready.reason().equals(reason))
                        .isPresent());
    return ready(failed).orElseThrow();
  }

  /** Whether it says so of its own last change too. */
  static boolean isReady(GenericKubernetesResource version) {
    Number observed = version.get("status", "observedGeneration");
    return observed != null
        && observed.longValue() == version.getMetadata().getGeneration()
        && ready(version).filter(ready -> ready.status().equals("True")).isPresent();
  }

  private static Optional<Condition> ready(GenericKubernetesResource version) {
    return Condition.of(version, "Ready");
  }

  /** A revision is {@code main@sha1:<commit>}. */
  private static boolean isOf(@Nullable String revision, String commit) {
    return revision != null && revision.endsWith(":" + commit);
  }

  @Override
  public void close() {
    kustomization.close();
  }
}
