package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReconcileQueueTest {

  private static final ResourceKey ONE = new ResourceKey("plant", "one");
  private static final ResourceKey TWO = new ResourceKey("plant", "two");

  @Test
  void aKeyIsWorkedOnByOneThreadAtATime() {
    var inside = new ConcurrentHashMap<ResourceKey, AtomicInteger>();
    var overlap = new AtomicBoolean();
    var passes = new AtomicInteger();
    var keys = List.of(ONE, TWO, new ResourceKey("plant", "three"));
    keys.forEach(key -> inside.put(key, new AtomicInteger()));
    try (var queue =
        new ReconcileQueue(
            key -> {
              if (of(inside, key).incrementAndGet() > 1) {
                overlap.set(true);
              }
              LockSupport.parkNanos(1000);
              of(inside, key).decrementAndGet();
              passes.incrementAndGet();
              return Optional.empty();
            },
            4)) {
      queue.start();
      for (int i = 0; i < 3000; i++) {
        queue.add(keys.get(i % keys.size()));
      }
      await().until(() -> keys.stream().noneMatch(queue::isWaiting));
    }
    assertThat(overlap).isFalse();
    assertThat(passes.get()).isBetween(3, 3000);
  }

  @Test
  void changesThatArriveMeanwhileAreGatheredIntoOneMorePass() throws InterruptedException {
    var passes = new AtomicInteger();
    var started = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var queue =
        new ReconcileQueue(
            key -> {
              passes.incrementAndGet();
              started.countDown();
              goOn.await();
              return Optional.empty();
            },
            4)) {
      queue.start();
      queue.add(ONE);
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(queue.isWaiting(ONE)).isFalse();
      for (int i = 0; i < 100; i++) {
        queue.add(ONE);
      }
      assertThat(queue.isWaiting(ONE)).isTrue();
      goOn.countDown();
      await().until(() -> passes.get() == 2 && !queue.isWaiting(ONE));
    }
    assertThat(passes).hasValue(2);
  }

  @Test
  void keysDoNotWaitForEachOther() throws InterruptedException {
    var both = new CountDownLatch(2);
    var met = new AtomicInteger();
    try (var queue =
        new ReconcileQueue(
            key -> {
              both.countDown();
              if (both.await(10, TimeUnit.SECONDS)) {
                met.incrementAndGet();
              }
              return Optional.empty();
            },
            2)) {
      queue.start();
      queue.add(ONE);
      queue.add(TWO);
      await().untilAtomic(met, org.hamcrest.Matchers.is(2));
    }
  }

  @Test
  void whatCameBeforeTheStartIsWorkedOnThen() {
    Queue<ResourceKey> seen = new ConcurrentLinkedQueue<>();
    try (var queue =
        new ReconcileQueue(
            key -> {
              seen.add(key);
              return Optional.empty();
            },
            1)) {
      queue.add(ONE);
      queue.add(TWO);
      assertThat(seen).isEmpty();
      assertThat(queue.isWaiting(ONE)).isTrue();
      queue.start();
      await().until(() -> seen.size() == 2);
    }
    assertThat(seen).containsExactlyInAnyOrder(ONE, TWO);
  }

  @Test
  void aFailedPassIsTriedAgainAfterPausesThatGrow() {
    Queue<Long> starts = new ConcurrentLinkedQueue<>();
    try (var queue =
        new ReconcileQueue(
            key -> {
              starts.add(System.nanoTime());
              throw new IllegalStateException("the API server is away");
            },
            1)) {
      queue.start();
      queue.add(ONE);
      await().until(() -> starts.size() >= 4);
    }
    var times = List.copyOf(starts);
    for (int i = 1; i < 4; i++) {
      assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(100L << (i - 1)));
    }
  }

  /** An error is as good a reason to try again: else the key would be under way for ever. */
  @Test
  void aPassThatEndsInAnErrorIsTriedAgain() {
    var passes = new AtomicInteger();
    try (var queue =
        new ReconcileQueue(
            key -> {
              if (passes.incrementAndGet() == 1) {
                throw new StackOverflowError("deep");
              }
              return Optional.empty();
            },
            1)) {
      queue.start();
      queue.add(ONE);
      await().untilAtomic(passes, org.hamcrest.Matchers.is(2));
    }
  }

  @Test
  void aChangeDoesNotWaitForThePauseOfAFailure() {
    Queue<Long> starts = new ConcurrentLinkedQueue<>();
    try (var queue =
        new ReconcileQueue(
            key -> {
              starts.add(System.nanoTime());
              if (starts.size() <= 6) {
                throw new IllegalStateException("still away");
              }
              return Optional.empty();
            },
            1)) {
      queue.start();
      for (int i = 1; i <= 7; i++) {
        queue.add(ONE);
        int passes = i;
        await().until(() -> starts.size() >= passes);
      }
    }
    var times = List.copyOf(starts);
    assertThat(Duration.ofNanos(times.getLast() - times.getFirst()))
        .as("six pauses alone are 6.3 s")
        .isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void aPassMayAskToBeWoken() {
    Queue<Long> starts = new ConcurrentLinkedQueue<>();
    try (var queue =
        new ReconcileQueue(
            key -> {
              starts.add(System.nanoTime());
              return starts.size() == 1 ? Optional.of(Duration.ofMillis(200)) : Optional.empty();
            },
            1)) {
      queue.start();
      queue.add(ONE);
      await().until(() -> starts.size() == 2);
    }
    var times = List.copyOf(starts);
    assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  /** Else each change of a broker would leave one more timer that wakes it. */
  @Test
  void aNewPassReplacesTheWakeUpOfTheLastOne() {
    var passes = new AtomicInteger();
    try (var queue =
        new ReconcileQueue(
            key ->
                passes.incrementAndGet() == 1
                    ? Optional.of(Duration.ofMillis(300))
                    : Optional.empty(),
            1)) {
      queue.start();
      queue.add(ONE);
      await().untilAtomic(passes, org.hamcrest.Matchers.is(1));
      queue.add(ONE);
      await().untilAtomic(passes, org.hamcrest.Matchers.is(2));
      await()
          .during(Duration.ofMillis(600))
          .atMost(Duration.ofSeconds(5))
          .until(() -> passes.get() == 2);
    }
  }

  @Test
  void aClosedQueueEndsThePassUnderWayAndTakesNoOther() {
    var passes = new AtomicInteger();
    var ended = new AtomicBoolean();
    var started = new CountDownLatch(1);
    var queue =
        new ReconcileQueue(
            key -> {
              passes.incrementAndGet();
              started.countDown();
              await().pollDelay(Duration.ofMillis(200)).until(() -> true);
              ended.set(true);
              return Optional.of(Duration.ofMillis(1));
            },
            1);
    queue.start();
    queue.add(ONE);
    await().until(() -> started.getCount() == 0);
    queue.add(ONE);
    queue.close();
    assertThat(ended).as("it was waited for").isTrue();
    queue.add(TWO);
    await()
        .during(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(5))
        .until(() -> passes.get() == 1);
  }

  private static AtomicInteger of(Map<ResourceKey, AtomicInteger> counts, ResourceKey key) {
    return counts.getOrDefault(key, new AtomicInteger());
  }
}
