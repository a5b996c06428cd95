package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.mqttoperator.e2e.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Every version that there has been of the one object of its kind in a namespace. */
final class Versions implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final List<GenericKubernetesResource> seen = new CopyOnWriteArrayList<>();
  private final Watch watch;

  Versions(Cluster cluster, String apiVersion, String kind) {
    this.watch =
        cluster
            .client()
            .genericKubernetesResources(apiVersion, kind)
            .inNamespace(cluster.namespace())
            .watch(new Recorder());
  }

  private final class Recorder implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource version) {
      seen.add(version);
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException("versions were missed", cause);
    }
  }

  List<GenericKubernetesResource> seen() {
    return List.copyOf(seen);
  }

  /** Waits for a version that is so; returns the first. */
  GenericKubernetesResource await(String what, Predicate<GenericKubernetesResource> isIt) {
    return awaitSome(what, version -> Optional.of(version).filter(isIt));
  }

  /** Waits for a version that tells something; returns what the first tells. */
  <T> T awaitSome(String what, Function<GenericKubernetesResource, Optional<T>> told) {
    return Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> seen.stream().map(told).flatMap(Optional::stream).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  @Override
  public void close() {
    watch.close();
  }
}
