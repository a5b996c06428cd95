package io.mqttoperator.operator.mqtt;

import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import io.mqttoperator.operator.mqtt.ProofResult.NotYet;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks a pod again and again until it enforces a revision or nobody waits any more. Used on the
 * event loop alone.
 */
final class EnforcementWait {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final Supplier<CompletableFuture<ProofResult>> question;
  private final CompletableFuture<ProofResult> answer;
  private final EventLoop loop;
  private ProofResult last;
  private Duration pause = FIRST_PAUSE;

  private EnforcementWait(
      Supplier<CompletableFuture<ProofResult>> question,
      CompletableFuture<ProofResult> answer,
      Duration timeout,
      EventLoop loop) {
    this.question = question;
    this.answer = answer;
    this.loop = loop;
    this.last = new Unreachable("no answer within " + timeout.toMillis() + " ms");
  }

  /**
   * Completes {@code answer} with {@link Enforced}, or after {@code timeout} with the last thing
   * heard.
   */
  static void start(
      Supplier<CompletableFuture<ProofResult>> question,
      CompletableFuture<ProofResult> answer,
      Duration timeout,
      EventLoop loop) {
    EnforcementWait wait = new EnforcementWait(question, answer, timeout, loop);
    var limit =
        loop.schedule(() -> answer.complete(wait.last), timeout.toMillis(), TimeUnit.MILLISECONDS);
    var unused = answer.whenComplete((result, failure) -> limit.cancel(false));
    wait.ask();
  }

  private void ask() {
    if (!answer.isDone()) {
      var unused = question.get().thenAccept(this::heard);
    }
  }

  private void heard(ProofResult result) {
    last = result;
    switch (result) {
      case Enforced enforced -> answer.complete(enforced);
      case NotYet notYet -> {
        askAfter(pause);
        pause = longer(pause);
      }
      case Unreachable unreachable -> {
        askAfter(PodConnection.RECONNECT_PAUSE);
        // It may come up with the revision in force: ask at once then.
        pause = FIRST_PAUSE;
      }
    }
  }

  private void askAfter(Duration time) {
    if (!answer.isDone()) {
      var unused = loop.schedule(this::ask, time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static Duration longer(Duration pause) {
    Duration half = pause.plus(pause.dividedBy(2));
    return half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE;
  }
}
