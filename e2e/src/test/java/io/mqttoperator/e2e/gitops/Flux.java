package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Flux's Kustomization {@code mqtt}, and every version of it that there has been. */
final class Flux implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final List<GenericKubernetesResource> versions = new CopyOnWriteArrayList<>();
  private final Watch watch;

  Flux(Cluster cluster) {
    this.watch =
        cluster
            .client()
            .genericKubernetesResources("kustomize.toolkit.fluxcd.io/v1", "Kustomization")
            .inNamespace(cluster.namespace())
            .watch(new Recorder());
  }

  private final class Recorder implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource version) {
      versions.add(version);
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException("versions of the Kustomization were missed", cause);
    }
  }

  List<GenericKubernetesResource> versions() {
    return List.copyOf(versions);
  }

  /** Waits until Flux says that a commit is applied and healthy; returns the first such version. */
  GenericKubernetesResource awaitApplied(String commit) {
    return await(
        "Flux has applied " + commit,
        version -> isReady(version) && isOf(version.get("status", "lastAppliedRevision"), commit));
  }

  /** Waits until Flux says that a commit failed; returns why. */
  Condition awaitFailed(String commit, String reason) {
    var failed =
        await(
            "Flux fails on " + commit + " with " + reason,
            version ->
                isOf(version.get("status", "lastAttemptedRevision"), commit)
                    && ready(version)
                        .filter(ready -> ready.status().equals("False"))
                        .filter(ready -> ready.reason().equals(reason))
                        .isPresent());
    return ready(failed).orElseThrow();
  }

  private GenericKubernetesResource await(String what, Predicate<GenericKubernetesResource> isIt) {
    return Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> versions.stream().filter(isIt).findFirst(), Optional::isPresent)
        .orElseThrow();
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
    watch.close();
  }
}
