package io.mqttoperator.operator.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mqttoperator.operator.broker.PassListener;
import java.time.Duration;

/** Times how long it takes until what is asked for is enforced. */
final class PassMetrics implements PassListener {

  private static final Duration[] BUCKETS =
      java.util.stream.LongStream.of(100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Timer enforcement;
  private final Counter releasedUnproven;

  /** They are there from the start: an alert cannot compare with what is not. */
  PassMetrics(MeterRegistry registry) {
    enforcement =
        Timer.builder("mqtt_operator_enforcement")
            .description("From a change that the operator sees to its proof on every running pod")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    releasedUnproven =
        Counter.builder("mqtt_operator_released_unproven")
            .description("Users and ACLs let go although a pod could not be asked")
            .register(registry);
  }

  @Override
  public void enforced(Duration sinceAsked) {
    enforcement.record(sinceAsked);
  }

  @Override
  public void releasedUnproven() {
    releasedUnproven.increment();
  }
}
