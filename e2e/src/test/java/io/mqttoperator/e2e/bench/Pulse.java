package io.mqttoperator.e2e.bench;

import io.mqttoperator.e2e.Session;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks a broker something all the time, and keeps the longest time that it took to answer:
 * Mosquitto has one thread, so whatever holds it up holds this up. The question is a publication at
 * QoS 1, which need not be allowed.
 */
final class Pulse implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(1);

  private final Session session;
  private final AtomicLong longest = new AtomicLong();
  private final AtomicBoolean ends = new AtomicBoolean();
  private final Thread thread;

  Pulse(Session session) {
    this.session = session;
    this.thread = Thread.ofPlatform().name("pulse").daemon().start(this::run);
  }

  private void run() {
    while (!ends.get()) {
      var started = System.nanoTime();
      session.publish("pulse", "");
      longest.accumulateAndGet(System.nanoTime() - started, Math::max);
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** The longest answer since the last time that somebody asked. */
  Duration longest() {
    return Duration.ofNanos(longest.getAndSet(0));
  }

  @Override
  public void close() {
    ends.set(true);
    try {
      thread.join();
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
    session.close();
  }
}
