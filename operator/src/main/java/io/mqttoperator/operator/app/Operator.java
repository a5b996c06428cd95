package io.mqttoperator.operator.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mqttoperator.operator.broker.BrokerReconciler;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.ReconcileQueue;
import io.mqttoperator.operator.metrics.BrokerMetrics;
import io.mqttoperator.operator.mqtt.PodConnections;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the operator, wired together, from start to stop. */
final class Operator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Operator.class);
  private static final int WORKERS = 16;
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Settings settings;
  private final KubernetesClient client;
  private final Caches caches;
  private final BrokerReconciler reconciler;
  private final ReconcileQueue queue;
  private final HttpEndpoints http;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean synced = new AtomicBoolean();

  /** Whether it leads, or nobody else can. */
  private final AtomicBoolean works = new AtomicBoolean();

  Operator(
      Settings settings,
      KubernetesClient client,
      PrometheusMeterRegistry registry,
      Clock clock,
      SecureRandom random)
      throws IOException {
    this.settings = settings;
    this.client = client;
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    caches = new Caches(client, settings.watchNamespaces());
    reconciler =
        new BrokerReconciler(
            new BrokerReconciler.Settings(
                settings.brokerImage(), settings.clusterDomain(), settings.operatorNamespace()),
            client,
            caches,
            new PodConnections(new ProofMetrics(registry)),
            new EventRecorder(client, clock, settings.podName()),
            clock,
            random,
            new PassMetrics(registry));
    registry
        .getPrometheusRegistry()
        .register(new BrokerMetrics(caches, reconciler::podReports, works::get, clock));
    queue = new ReconcileQueue(new TimedPass(reconciler, registry), WORKERS);
    Gauge.builder("mqtt_operator_queue_brokers", queue, ReconcileQueue::size)
        .description("Brokers that wait for a pass")
        .register(registry);
    http = new HttpEndpoints(settings.httpPort(), new CacheHealth(), registry);
  }

  /** Alive until the caches stop for good; ready once they hold what there is. */
  private final class CacheHealth implements Health {

    @Override
    public boolean isAlive() {
      return stopped.getCount() > 0;
    }

    @Override
    public boolean isReady() {
      return synced.get() && caches.isLive();
    }
  }

  void runUntilStopped() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "shutdown"));
    caches.onAsked(reconciler::asked);
    caches.onChange(queue::add);
    caches.start();
    // To fill them leaves more garbage than they hold, and the heap shrinks at a full collection
    // only.
    System.gc();
    synced.set(true);
    LOG.info(
        "all caches are filled, {} ms after the start",
        ManagementFactory.getRuntimeMXBean().getUptime());
    if (settings.leaderElection()) {
      lead();
    } else {
      work();
      stopped.await();
    }
  }

  private void work() {
    reconciler.start();
    queue.start();
    works.set(true);
  }

  /**
   * Works while it holds the lease; without it the process ends, and starts again as a follower.
   */
  private void lead() throws InterruptedException {
    var lock = new LeaseLock(settings.operatorNamespace(), "mqtt-operator", settings.podName());
    var config =
        new LeaderElectionConfigBuilder()
            .withName("mqtt-operator")
            .withLeaseDuration(LEASE)
            .withRenewDeadline(RENEW_DEADLINE)
            .withRetryPeriod(RETRY)
            .withReleaseOnCancel(true)
            .withLock(lock)
            .withLeaderCallbacks(
                new LeaderCallbacks(
                    this::work, stopped::countDown, leader -> LOG.info("the leader is {}", leader)))
            .build();
    var election = client.leaderElector().withConfig(config).build().start();
    stopped.await();
    queue.close();
    election.cancel(true);
  }

  private void stopAndWait() {
    stopped.countDown();
    try {
      if (!ended.await(10, TimeUnit.SECONDS)) {
        LOG.warn("stopped before all work had ended");
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    queue.close();
    reconciler.close();
    caches.close();
    http.close();
    LOG.info("stopped");
    ended.countDown();
  }
}
