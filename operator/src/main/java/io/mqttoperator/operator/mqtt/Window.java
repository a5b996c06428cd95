package io.mqttoperator.operator.mqtt;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets so many operations be under way at a time; the others wait their turn. Used on the event
 * loop alone.
 */
final class Window {

  private final int size;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean draining;

  Window(int size) {
    this.size = size;
  }

  <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    waiting.add(
        () -> {
          var unused =
              operation
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

  /** Not reentrant: an operation that fails at once must not deepen the stack. */
  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (underWay < size && !waiting.isEmpty()) {
        underWay++;
        waiting.remove().run();
      }
    } finally {
      draining = false;
    }
  }
}
