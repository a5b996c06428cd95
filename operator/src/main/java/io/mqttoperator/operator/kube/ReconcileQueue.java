package io.mqttoperator.operator.kube;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work queue of client-go's controllers: a key is worked on by one thread at a time; changes
 * that arrive while it is under way are gathered into the next pass; a failed pass is tried again
 * without end, after pauses that double up to a bound; a pass may ask to be woken later.
 */
public final class ReconcileQueue implements AutoCloseable {

  /** One pass over all that a key stands for. */
  @FunctionalInterface
  public interface Pass {

    /** Does the work; answers when to come again even if nothing changes. */
    Optional<Duration> reconcile(ResourceKey key) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ReconcileQueue.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Pass pass;
  private final ExecutorService workers;
  private final ScheduledExecutorService timer;
  private final Set<ResourceKey> waiting = new HashSet<>();
  private final Set<ResourceKey> running = new HashSet<>();
  private final Map<ResourceKey, ScheduledFuture<?>> wakeUps = new HashMap<>();
  private final Map<ResourceKey, Integer> failures = new HashMap<>();
  private boolean open;

  public ReconcileQueue(Pass pass, int threads) {
    this.pass = pass;
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("reconcile-", 0).daemon().factory());
    var scheduler =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("reconcile-timer").daemon().factory());
    scheduler.setRemoveOnCancelPolicy(true);
    this.timer = scheduler;
  }

  /** Starts to work; what was added before is worked on now. */
  public synchronized void start() {
    open = true;
    waiting.forEach(this::submit);
  }

  /** Asks for a pass over {@code key} as soon as none is under way for it. */
  public synchronized void add(ResourceKey key) {
    if (waiting.add(key) && open && !running.contains(key)) {
      submit(key);
    }
  }

  /** Whether a change waits to be worked on while {@code key} is being worked on. */
  public synchronized boolean isWaiting(ResourceKey key) {
    return waiting.contains(key);
  }

  /** How many keys wait, those under way again too; none before the start. */
  public synchronized int size() {
    return open ? waiting.size() : 0;
  }

  private void submit(ResourceKey key) {
    workers.execute(() -> work(key));
  }

  private void work(ResourceKey key) {
    synchronized (this) {
      if (!open || running.contains(key) || !waiting.remove(key)) {
        return;
      }
      running.add(key);
      var wakeUp = wakeUps.remove(key);
      if (wakeUp != null) {
        wakeUp.cancel(false);
      }
    }
    Optional<Duration> again;
    try {
      again = pass.reconcile(key);
      synchronized (this) {
        failures.remove(key);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      again = Optional.empty();
    } catch (RuntimeException | Error failed) {
      again = Optional.of(pauseAfter(key, failed));
    }
    finish(key, again);
  }

  private synchronized Duration pauseAfter(ResourceKey key, Throwable failed) {
    var count = failures.merge(key, 1, Integer::sum);
    var millis = FIRST_PAUSE.toMillis() << Math.min(count - 1, 10);
    var pause = Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis()));
    if (failed instanceof TryAgain && count <= TryAgain.USUAL_IN_A_ROW) {
      LOG.debug("broker {}: {}", key, failed.getMessage());
    } else {
      LOG.warn("broker {}: this pass failed, the next one starts in {}", key, pause, failed);
    }
    return pause;
  }

  private synchronized void finish(ResourceKey key, Optional<Duration> again) {
    running.remove(key);
    if (!open) {
      return;
    }
    if (waiting.contains(key)) {
      submit(key);
    } else {
      again.ifPresent(
          delay ->
              wakeUps.put(
                  key, timer.schedule(() -> add(key), delay.toMillis(), TimeUnit.MILLISECONDS)));
    }
  }

  /** Takes no more work, and waits a few seconds for the passes under way. */
  @Override
  public void close() {
    synchronized (this) {
      open = false;
    }
    timer.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException stopped) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
