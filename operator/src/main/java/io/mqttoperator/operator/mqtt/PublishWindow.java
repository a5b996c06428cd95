package io.mqttoperator.operator.mqtt;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets so many publications be under way at a time; the others wait their turn. Used on the event
 * loop alone.
 *
 * <p>The HiveMQ client blocks the thread that publishes while 64 publications are unanswered
 * (MqttPublishFlowables.add). On the event loop, which alone can take the answers, that would be
 * for ever.
 */
final class PublishWindow {

  /** Below that 64, and below Mosquitto's own receive maximum of 20. */
  private static final int SIZE = 16;

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean draining;

  <T> CompletableFuture<T> publish(Supplier<CompletableFuture<T>> publication) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    waiting.add(
        () -> {
          var unused =
              publication
                  .get()
                  .whenComplete(
                      (result, failure) -> {
                        underWay--;
                        if (failure == null) {
                          answer.complete(result);
                        } else {
                          answer.completeExceptionally(failure);
                        }
                        drain();
                      });
        });
    drain();
    return answer;
  }

  /** Not reentrant: a publication that fails at once must not deepen the stack. */
  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (underWay < SIZE && !waiting.isEmpty()) {
        underWay++;
        waiting.remove().run();
      }
    } finally {
      draining = false;
    }
  }
}
