package io.mqttoperator.e2e;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Makes full, verified TLS handshakes in the background, one after the other. */
final class Handshakes implements AutoCloseable {

  private static final int INTERVAL_MILLIS = 20;

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Handshakes(Broker broker) {
    var address = broker.service(Broker.DEFAULT_PORT);
    var trust = broker.trust();
    var unused =
        clock.scheduleWithFixedDelay(
            () -> {
              try {
                var shown = ShownCertificate.at(address, trust);
                made.addAndGet(shown.names().isEmpty() ? 0 : 1);
              } catch (IOException failed) {
                failures.add(failed.toString());
              }
            },
            0,
            INTERVAL_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Waits for so many more that have worked. */
  void awaitMore(int count) {
    var goal = made.get() + count;
    Awaitility.await(count + " more handshakes")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> made.get() >= goal);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
