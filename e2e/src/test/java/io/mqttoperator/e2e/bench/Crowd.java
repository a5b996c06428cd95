package io.mqttoperator.e2e.bench;

import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Many clients of one broker, each with a connection of its own. */
final class Crowd implements AutoCloseable {

  /** A common pool has no thread left where each waits for its answer. */
  private static final Executor LEAVING = task -> Thread.ofVirtual().start(task);

  private final Client client;
  private final Queue<Session> sessions = new ConcurrentLinkedQueue<>();

  /** All of them connect as {@code client} does; the listener must let them choose their id. */
  Crowd(Client client) {
    this.client = client;
  }

  /**
   * Connects so many more, and waits for all the answers.
   *
   * @param atOnce how many wait for their answer at a time
   * @return how many were not let in
   */
  int grow(int count, int atOnce) throws InterruptedException {
    var slots = new Semaphore(atOnce);
    var refused = new AtomicInteger();
    for (int i = 0; i < count; i++) {
      slots.acquire();
      var unused =
          client
              .connectLater()
              .whenComplete(
                  (session, failure) -> {
                    if (failure == null) {
                      sessions.add(session);
                    } else {
                      refused.incrementAndGet();
                    }
                    slots.release();
                  });
    }
    slots.acquire(atOnce);
    return refused.get();
  }

  int size() {
    return sessions.size();
  }

  int connected() {
    return (int) sessions.stream().filter(Session::isConnected).count();
  }

  /** Whether one more is closed without an answer, as Mosquitto does when a listener is full. */
  boolean isFull() {
    try {
      sessions.add(client.connect());
      return false;
    } catch (Refused refused) {
      return refused.code() == Refused.NO_ANSWER;
    }
  }

  /** One of them goes; answers how long it takes until there is room for another, who stays. */
  Duration replaceOne() {
    var started = System.nanoTime();
    sessions.remove().close();
    while (isFull()) {
      Thread.onSpinWait();
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  @Override
  public void close() {
    leave();
  }

  /** All go, as fast as they can. */
  void leave() {
    var leaving = new ArrayDeque<>(sessions);
    sessions.clear();
    var gone =
        leaving.stream()
            .map(session -> CompletableFuture.runAsync(session::close, LEAVING))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(gone).join();
  }
}
