package io.mqttoperator.operator.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mqttoperator.operator.kube.ReconcileQueue;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.TryAgain;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures how long passes take, and counts those that fail; one that somebody else's write made
 * out of date is none of them: where much is written, there is always one.
 */
final class TimedPass implements ReconcileQueue.Pass {

  private final ReconcileQueue.Pass pass;
  private final MeterRegistry registry;
  private final Map<ResourceKey, Integer> outdatedInARow = new ConcurrentHashMap<>();

  TimedPass(ReconcileQueue.Pass pass, MeterRegistry registry) {
    this.pass = pass;
    this.registry = registry;
  }

  @Override
  public Optional<Duration> reconcile(ResourceKey key) throws InterruptedException {
    var started = Timer.start(registry);
    var outcome = "failed";
    try {
      var again = pass.reconcile(key);
      outcome = "ended";
      outdatedInARow.remove(key);
      return again;
    } catch (TryAgain outdated) {
      // What nobody's writes explain any more is to be told of.
      if (outdatedInARow.merge(key, 1, Integer::sum) <= TryAgain.USUAL_IN_A_ROW) {
        outcome = "outdated";
      }
      throw outdated;
    } finally {
      started.stop(
          Timer.builder("mqtt_operator_reconcile")
              .description("Passes over a broker and all that refers to it")
              .tag("outcome", outcome)
              .register(registry));
    }
  }
}
