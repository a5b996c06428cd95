package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.kube.Applier;
import org.jspecify.annotations.Nullable;

/** What the caches hold under the name of an object that is wanted. */
final class Existing {

  private Existing() {}

  /** The object of that kind and name, or null. */
  @SuppressWarnings("unchecked") // the same kind: the key holds it
  static <T extends HasMetadata> @Nullable T of(T desired, BrokerObservation seen) {
    return (T) seen.existing().get(Applier.describe(desired));
  }
}
