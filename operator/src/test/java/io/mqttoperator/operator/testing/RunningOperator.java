package io.mqttoperator.operator.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mqttoperator.operator.broker.BrokerReconciler;
import io.mqttoperator.operator.broker.PassListener;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.Kinds;
import io.mqttoperator.operator.kube.ReconcileQueue;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mqtt.PodConnections;
import io.mqttoperator.operator.mqtt.ProofListener;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The operator as {@code app.Operator} wires it, without health, metrics and leader election. */
public final class RunningOperator implements AutoCloseable {

  public static final String BROKER_IMAGE = "registry.example/mosquitto:2.1.2";

  private final RequestFaults requests = new RequestFaults();
  private final KubernetesClient client;
  private final Caches caches;
  private final BrokerReconciler reconciler;
  private final ReconcileQueue queue;
  private final AtomicInteger passes = new AtomicInteger();
  private final AtomicInteger releasedUnproven = new AtomicInteger();
  private final List<Duration> enforced = new CopyOnWriteArrayList<>();

  RunningOperator(Config server, Set<String> namespaces, Clock clock) {
    var config =
        new ConfigBuilder(server)
            .withUserAgent(Applier.FIELD_MANAGER)
            .withRequestRetryBackoffLimit(0)
            .build();
    client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withKubernetesSerialization(Kinds.serialization())
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("requests", requests))
            .build();
    caches = new Caches(client, namespaces);
    reconciler =
        new BrokerReconciler(
            new BrokerReconciler.Settings(BROKER_IMAGE, "cluster.local", "mqtt-operator"),
            client,
            caches,
            new PodConnections(ProofListener.NONE),
            new EventRecorder(client, clock, "mqtt-operator-0"),
            clock,
            new SecureRandom(),
            new PassListener() {
              @Override
              public void releasedUnproven() {
                releasedUnproven.incrementAndGet();
              }

              @Override
              public void enforced(Duration sinceAsked) {
                enforced.add(sinceAsked);
              }
            });
    queue =
        new ReconcileQueue(
            key -> {
              try {
                return reconciler.reconcile(key);
              } finally {
                passes.incrementAndGet();
              }
            },
            2);
    caches.onAsked(reconciler::asked);
    caches.onChange(queue::add);
    caches.start();
    queue.start();
  }

  public RequestFaults requests() {
    return requests;
  }

  /** How many passes have ended. */
  public int passes() {
    return passes.get();
  }

  /** How many users and ACLs were let go without proof, as the metric counts them. */
  public int releasedUnproven() {
    return releasedUnproven.get();
  }

  /** How long it took each time until all that was asked was enforced. */
  public List<Duration> enforced() {
    return List.copyOf(enforced);
  }

  /** Asks for a pass, though nothing has changed. */
  public void wake(String namespace, String broker) {
    queue.add(new ResourceKey(namespace, broker));
  }

  /** One pass on the caller's thread; answers when the next one should be. */
  public Duration pass(String namespace, String broker) throws InterruptedException {
    return reconciler.reconcile(new ResourceKey(namespace, broker)).orElseThrow();
  }

  public Caches caches() {
    return caches;
  }

  @Override
  public void close() {
    queue.close();
    reconciler.close();
    caches.close();
    client.close();
  }
}
