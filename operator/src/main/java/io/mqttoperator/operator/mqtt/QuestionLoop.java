package io.mqttoperator.operator.mqtt;

import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which pods are asked and answer. Whoever asks gets an answer in any case: at
 * the latest when this is closed.
 */
final class QuestionLoop {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final NioEventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("mqtt-pods", true));
  private final EventLoop loop = group.next();

  /** What ends every question that is still open when this is closed. */
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();

  EventLoop eventLoop() {
    return loop;
  }

  /**
   * Runs {@code start} on the thread; {@code end} completes the future if this is closed before.
   */
  <T extends @Nullable Object> CompletableFuture<T> ask(
      Consumer<CompletableFuture<T>> start, Consumer<CompletableFuture<T>> end) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Runnable ending = () -> end.accept(future);
    open.add(ending);
    var unused = future.whenComplete((result, failure) -> open.remove(ending));
    if (!execute(() -> start.accept(future))) {
      ending.run();
    }
    return future;
  }

  /** Runs a task on the thread, unless this is closed; answers whether it will. */
  boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  /** Runs {@code late} after some time, unless the future is done by then. */
  void unlessDone(CompletableFuture<?> future, Duration limit, Runnable late) {
    var timer = loop.schedule(late, limit.toMillis(), TimeUnit.MILLISECONDS);
    var unused = future.whenComplete((result, failure) -> timer.cancel(false));
  }

  /** Ends the thread, after what it is told to do now, and answers what is still open. */
  void close() {
    var terminated = group.shutdownGracefully(0, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (!loop.inEventLoop()) {
      terminated.awaitUninterruptibly(2 * CLOSE_LIMIT.toMillis());
    }
    open.forEach(Runnable::run);
  }
}
