package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All objects of one kind that carry certain labels, in the watched namespaces. */
public final class Watched<T extends HasMetadata> implements AutoCloseable {

  static final String BY_BROKER = "broker";
  static final String BY_CONTROLLER = "controller";
  static final String BY_INSTANCE = "instance";
  static final String BY_OWN_SECRET = "own-secret";

  /** Read at a time: the whole of 20,000 users would take as much memory again, as text. */
  private static final long PAGE = 500;

  private final List<SharedIndexInformer<T>> informers;

  Watched(
      KubernetesClient client,
      SharedParts shared,
      Class<T> kind,
      Set<String> namespaces,
      Map<String, String> labels) {
    var resources = client.resources(kind);
    informers =
        namespaces.isEmpty()
            ? List.of(
                resources.inAnyNamespace().withLabels(labels).withLimit(PAGE).runnableInformer(0))
            : namespaces.stream()
                .map(
                    name ->
                        resources
                            .inNamespace(name)
                            .withLabels(labels)
                            .withLimit(PAGE)
                            .runnableInformer(0))
                .toList();
    informers.forEach(informer -> informer.itemStore(new PrunedStore<>(shared)));
    // Never give up: a watch that ends for good would leave the operator blind and silent.
    informers.forEach(informer -> informer.exceptionHandler((retried, failure) -> true));
  }

  void index(String name, Function<T, List<String>> keys) {
    informers.forEach(informer -> informer.addIndexers(Map.of(name, keys)));
  }

  void onChange(Consumer<T> changed) {
    informers.forEach(
        informer ->
            informer.addEventHandler(
                new Handler<>(
                    changed,
                    (before, after) ->
                        !after
                            .getMetadata()
                            .getResourceVersion()
                            .equals(before.getMetadata().getResourceVersion()))));
  }

  /**
   * Tells {@code asked} of each object of which its owner asks something else than before: that is
   * new, is to go, or has other labels or another spec (what has no generation: other content).
   */
  void onAsked(Consumer<T> asked) {
    informers.forEach(
        informer ->
            informer.addEventHandler(
                new Handler<>(
                    asked, (before, after) -> !Asked.of(before).equals(Asked.of(after)))));
  }

  void onDeleted(Consumer<T> deleted) {
    informers.forEach(
        informer ->
            informer.addEventHandler(
                new ResourceEventHandler<T>() {
                  @Override
                  public void onAdd(T added) {}

                  @Override
                  public void onUpdate(T before, T after) {}

                  @Override
                  public void onDelete(T gone, boolean unseen) {
                    deleted.accept(gone);
                  }
                }));
  }

  CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        informers.stream()
            .map(informer -> informer.start().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  boolean isLive() {
    return informers.stream().allMatch(informer -> informer.hasSynced() && informer.isWatching());
  }

  /** The object of that name, if the cache holds it. */
  public Optional<T> get(String namespace, String name) {
    var key = Cache.namespaceKeyFunc(namespace, name);
    for (var informer : informers) {
      var found = informer.getStore().getByKey(key);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** All users or ACLs that refer to {@code broker}. */
  public List<T> of(ResourceKey broker) {
    return byIndex(BY_BROKER, broker);
  }

  /** All objects of {@code broker} itself: not the Secrets of its users. */
  public List<T> ofInstance(ResourceKey broker) {
    return byIndex(BY_INSTANCE, broker);
  }

  /** All users whose own password is in {@code secret}. */
  List<T> ofOwnSecret(ResourceKey secret) {
    return byIndex(BY_OWN_SECRET, secret);
  }

  private List<T> byIndex(String index, ResourceKey key) {
    return informers.stream()
        .flatMap(informer -> informer.getIndexer().byIndex(index, key.toString()).stream())
        .toList();
  }

  /** All objects that {@code owner} controls. */
  public List<T> controlledBy(HasMetadata owner) {
    return informers.stream()
        .flatMap(
            informer ->
                informer.getIndexer().byIndex(BY_CONTROLLER, owner.getMetadata().getUid()).stream())
        // A UID in another namespace is somebody's claim.
        .filter(
            owned ->
                Objects.equals(
                    owned.getMetadata().getNamespace(), owner.getMetadata().getNamespace()))
        .toList();
  }

  /** All objects in a namespace. */
  public Stream<T> inNamespace(String namespace) {
    return informers.stream()
        .flatMap(
            informer -> informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace).stream());
  }

  /** All objects. */
  public Stream<T> all() {
    return informers.stream().flatMap(informer -> informer.getStore().list().stream());
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  /** What the owner of an object asks for, but for its content. */
  private record Asked(
      @Nullable String deleted, @Nullable Map<String, String> labels, @Nullable Object version) {

    static Asked of(HasMetadata object) {
      var metadata = object.getMetadata();
      return new Asked(
          metadata.getDeletionTimestamp(),
          metadata.getLabels(),
          metadata.getGeneration() == null
              ? metadata.getResourceVersion()
              : metadata.getGeneration());
    }
  }

  private record Handler<T extends HasMetadata>(Consumer<T> changed, BiPredicate<T, T> isAnother)
      implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T added) {
      changed.accept(added);
    }

    @Override
    public void onUpdate(T before, T after) {
      if (isAnother.test(before, after)) {
        changed.accept(after);
      }
    }

    @Override
    public void onDelete(T deleted, boolean unseen) {
      changed.accept(deleted);
    }
  }
}
