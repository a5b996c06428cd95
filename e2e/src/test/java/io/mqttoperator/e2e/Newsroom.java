package io.mqttoperator.e2e;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Publishes 1, 2, 3, … at QoS 1 in the background, each when the one before is acknowledged. */
final class Newsroom implements AutoCloseable {

  private static final int INTERVAL_MILLIS = 50;

  private final Session session;
  private final String topic;
  private final AtomicInteger sent = new AtomicInteger();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Newsroom(Session session, String topic) {
    this.session = session;
    this.topic = topic;
  }

  void start() {
    var unused =
        clock.scheduleWithFixedDelay(
            () -> {
              session.publish(topic, Integer.toString(sent.get() + 1));
              sent.incrementAndGet();
            },
            0,
            INTERVAL_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** The next number that the broker acknowledges: without one, publishing has failed. */
  int next() {
    var before = sent.get();
    Awaitility.await("news after " + before)
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> sent.get() > before);
    return sent.get();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    session.close();
  }
}
