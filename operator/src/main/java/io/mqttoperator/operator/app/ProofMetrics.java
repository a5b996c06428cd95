package io.mqttoperator.operator.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mqttoperator.operator.mqtt.PodEndpoint;
import io.mqttoperator.operator.mqtt.ProofListener;
import io.mqttoperator.operator.mqtt.ProofResult;
import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import io.mqttoperator.operator.mqtt.ProofResult.NotYet;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import java.time.Duration;

/** Counts and times what pods answer when they are asked for a proof. */
final class ProofMetrics implements ProofListener {

  private final MeterRegistry registry;

  private final Counter connected;
  private final Counter lost;

  /** The counters are there from the start: an alert cannot compare with what is not. */
  ProofMetrics(MeterRegistry registry) {
    this.registry = registry;
    connected =
        Counter.builder("mqtt_operator_pod_connections")
            .description("Connections made to broker pods")
            .register(registry);
    lost =
        Counter.builder("mqtt_operator_pod_connections_lost")
            .description("Connections to broker pods that failed or ended")
            .register(registry);
  }

  @Override
  public void answered(PodEndpoint pod, ProofResult result, Duration elapsed) {
    var outcome =
        switch (result) {
          case Enforced enforced -> "enforced";
          case NotYet notYet -> "not_yet";
          case Unreachable unreachable -> "unreachable";
        };
    Timer.builder("mqtt_operator_proof")
        .description("Questions to broker pods whether they enforce a revision")
        .tag("outcome", outcome)
        .register(registry)
        .record(elapsed);
  }

  @Override
  public void connected(PodEndpoint pod, boolean again) {
    connected.increment();
  }

  @Override
  public void lost(PodEndpoint pod, String reason) {
    lost.increment();
  }
}
