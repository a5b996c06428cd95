package io.mqttoperator.e2e.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The custom resources of one kind in one namespace, with a watch that notes when each is Ready and
 * when it is gone: as a client that waits would see it.
 */
final class Resources implements AutoCloseable, Watcher<GenericKubernetesResource> {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int AT_ONCE = 16;

  private final MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>>
      operation;
  private final String namespace;
  private final String kind;
  private final Map<String, CompletableFuture<Long>> ready = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Long>> gone = new ConcurrentHashMap<>();
  private final Watch watch;

  Resources(KubernetesClient client, String namespace, String kind) {
    this.namespace = namespace;
    this.kind = kind;
    operation =
        client.genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup("mqttoperator.io")
                .withVersion("v1alpha1")
                .withKind(kind)
                .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
                .withNamespaced(true)
                .build());
    watch = operation.inNamespace(namespace).watch(this);
  }

  @Override
  public void eventReceived(Action action, GenericKubernetesResource resource) {
    var now = System.nanoTime();
    var name = resource.getMetadata().getName();
    if (action == Action.DELETED) {
      waiting(gone, name).complete(now);
    } else if (isReady(resource)) {
      waiting(ready, version(name, resource.getMetadata().getGeneration())).complete(now);
    }
  }

  @Override
  public void onClose(@Nullable WatcherException cause) {
    var why = new IllegalStateException("the watch ended", cause);
    ready.values().forEach(future -> future.completeExceptionally(why));
    gone.values().forEach(future -> future.completeExceptionally(why));
  }

  /** Creates an object of that spec; returns once Ready was seen, with the time that took. */
  Duration create(String name, Map<String, Object> spec) throws Exception {
    if (ready.containsKey(version(name, 1L))) {
      throw new IllegalArgumentException(name + " was there before");
    }
    var started = System.nanoTime();
    submit(name, spec);
    return since(started, waiting(ready, version(name, 1L)));
  }

  /**
   * How long it took to create many.
   *
   * @param accepted until the API server had taken the last
   * @param ready until the last Ready was seen
   */
  record Bulk(Duration accepted, Duration ready) {}

  /** Creates all of them, {@value #AT_ONCE} at a time. */
  Bulk createAll(List<String> names, Map<String, Object> spec) throws Exception {
    var started = System.nanoTime();
    atOnce(names, name -> submit(name, spec));
    var accepted = Duration.ofNanos(System.nanoTime() - started);
    var last = Duration.ZERO;
    for (var name : names) {
      var took = since(started, waiting(ready, version(name, 1L)));
      last = took.compareTo(last) > 0 ? took : last;
    }
    return new Bulk(accepted, last);
  }

  private static void atOnce(List<String> names, Consumer<String> act) throws Exception {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var done :
          threads.invokeAll(
              names.stream().map(name -> Executors.callable(() -> act.accept(name))).toList())) {
        done.get();
      }
    }
  }

  /** Changes the spec of one; the time to the next Ready. */
  Duration change(String name, Map<String, Object> spec) throws Exception {
    var one = operation.inNamespace(namespace).withName(name);
    var started = System.nanoTime();
    var after =
        one.edit(
            found -> {
              found.setAdditionalProperty("spec", spec);
              return found;
            });
    return since(started, waiting(ready, version(name, after.getMetadata().getGeneration())));
  }

  /** Deletes it; the time until it is gone. */
  Duration delete(String name) throws Exception {
    var future = new CompletableFuture<Long>();
    gone.put(name, future);
    var started = System.nanoTime();
    operation.inNamespace(namespace).withName(name).delete();
    return since(started, future);
  }

  /** Deletes all of them at once; the time until the last is gone. */
  Duration deleteAll(List<String> names) throws Exception {
    names.forEach(name -> gone.put(name, new CompletableFuture<>()));
    var started = System.nanoTime();
    atOnce(names, name -> operation.inNamespace(namespace).withName(name).delete());
    var last = Duration.ZERO;
    for (var name : names) {
      var took = since(started, waiting(gone, name));
      last = took.compareTo(last) > 0 ? took : last;
    }
    return last;
  }

  private void submit(String name, Map<String, Object> spec) {
    var resource = new GenericKubernetesResource();
    resource.setApiVersion("mqttoperator.io/v1alpha1");
    resource.setKind(kind);
    resource.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    resource.setAdditionalProperty("spec", spec);
    operation.inNamespace(namespace).resource(resource).create();
  }

  private static CompletableFuture<Long> waiting(
      Map<String, CompletableFuture<Long>> futures, String key) {
    return Objects.requireNonNull(
        futures.computeIfAbsent(key, missing -> new CompletableFuture<>()));
  }

  private static String version(String name, @Nullable Long generation) {
    return name + "/" + generation;
  }

  private static Duration since(long started, CompletableFuture<Long> end)
      throws InterruptedException, ExecutionException, TimeoutException {
    return Duration.ofNanos(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS) - started);
  }

  private static boolean isReady(GenericKubernetesResource resource) {
    Object observed = resource.get("status", "observedGeneration");
    if (!(observed instanceof Number number)
        || number.longValue() != resource.getMetadata().getGeneration()) {
      return false;
    }
    List<Map<String, Object>> conditions =
        Objects.requireNonNullElse(resource.get("status", "conditions"), new ArrayList<>());
    return conditions.stream()
        .anyMatch(
            condition ->
                "Ready".equals(condition.get("type")) && "True".equals(condition.get("status")));
  }

  @Override
  public void close() {
    watch.close();
  }
}
