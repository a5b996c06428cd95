package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Labels of namespaces, by which brokers choose their tenants. An operator that watches some
 * namespaces alone has no right to read Namespaces, and knows no more than their names.
 */
public final class WatchedNamespaces implements AutoCloseable {

  /** What Kubernetes sets on every namespace. */
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private final Optional<Watched<Namespace>> all;
  private final Set<String> some;

  private WatchedNamespaces(Optional<Watched<Namespace>> all, Set<String> some) {
    this.all = all;
    this.some = Set.copyOf(some);
  }

  /**
   * Prepares the informer.
   *
   * @param watched the namespaces that are watched; empty: all
   */
  static WatchedNamespaces of(KubernetesClient client, Set<String> watched) {
    return new WatchedNamespaces(
        watched.isEmpty()
            ? Optional.of(
                new Watched<>(client, new SharedParts(), Namespace.class, Set.of(), Map.of()))
            : Optional.empty(),
        watched);
  }

  /** The labels of one that is watched; empty if there is none of that name. */
  public Optional<Map<String, String>> labels(String namespace) {
    if (all.isPresent()) {
      return all.get()
          .get("", namespace)
          .map(found -> found.getMetadata().getLabels())
          .map(labels -> Objects.requireNonNullElse(labels, Map.<String, String>of()));
    }
    return some.contains(namespace) ? Optional.of(Map.of(NAME_LABEL, namespace)) : Optional.empty();
  }

  /** Whether the labels are all that a namespace has, and not its name alone. */
  public boolean isComplete() {
    return all.isPresent();
  }

  void onChange(Runnable changed) {
    all.ifPresent(watched -> watched.onChange(namespace -> changed.run()));
  }

  CompletableFuture<Void> start() {
    return all.map(Watched::start).orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  boolean isLive() {
    return all.stream().allMatch(Watched::isLive);
  }

  @Override
  public void close() {
    all.ifPresent(Watched::close);
  }
}
