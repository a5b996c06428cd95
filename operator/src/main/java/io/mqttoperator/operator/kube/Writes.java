package io.mqttoperator.operator.kube;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Runs many small writes side by side, and waits for all of them. */
public final class Writes implements AutoCloseable {

  private static final int AT_ONCE = 16;

  /** Written before anything else is looked at: about half a second's work of an API server. */
  private static final int FEW = 4 * AT_ONCE;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE, Thread.ofPlatform().name("write-", 0).daemon().factory());

  /**
   * Applies {@code write} to each element; the results are in the order of the elements.
   *
   * @throws RuntimeException the first failure, after all have ended
   */
  public <T, R> List<R> forEach(Collection<T> elements, Function<T, R> write)
      throws InterruptedException {
    if (elements.size() == 1) {
      return List.of(write.apply(elements.iterator().next()));
    }
    var results = new ArrayList<R>();
    RuntimeException failure = null;
    var calls = elements.stream().<Callable<R>>map(element -> () -> write.apply(element)).toList();
    for (Future<R> future : threads.invokeAll(calls)) {
      try {
        results.add(future.get());
      } catch (ExecutionException failed) {
        failure = worse(failure, failed.getCause());
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /**
   * The same for the first of the elements: for a few at least, and then for as long as there is
   * patience.
   *
   * @return the results of the first ones, in their order
   */
  public <T, R> List<R> forFirst(List<T> elements, Function<T, R> write, Patience patience)
      throws InterruptedException {
    var results = new ArrayList<R>(elements.size());
    for (int from = 0; from < elements.size(); from += FEW) {
      if (from > 0 && patience.ends()) {
        break;
      }
      results.addAll(forEach(elements.subList(from, Math.min(from + FEW, elements.size())), write));
    }
    return results;
  }

  /** A real failure says more than one that the next pass mends. */
  private static RuntimeException worse(
      @org.jspecify.annotations.Nullable RuntimeException known,
      @org.jspecify.annotations.Nullable Throwable next) {
    var failure =
        next instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(next);
    return known == null || known instanceof TryAgain ? failure : known;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
