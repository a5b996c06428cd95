package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.SecretReferences;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the Secrets that a broker's spec refers to. */
final class OfferedSecrets {

  private final Caches caches;
  private final UncachedSecrets uncached;

  OfferedSecrets(Caches caches, UncachedSecrets uncached) {
    this.caches = caches;
    this.uncached = uncached;
  }

  /** All of them, by name. */
  Map<String, OfferedSecret> of(Optional<MqttBroker> broker) {
    var offered = new HashMap<String, OfferedSecret>();
    broker.ifPresent(
        owner ->
            SecretReferences.of(owner)
                .names()
                .forEach(name -> offered.put(name, read(owner.getMetadata(), name))));
    return Map.copyOf(offered);
  }

  private OfferedSecret read(ObjectMeta broker, String name) {
    var namespace = broker.getNamespace();
    return caches
        .credentials
        .get(namespace, name)
        .or(() -> uncached.get(namespace, name))
        .map(secret -> OfferedSecret.of(secret, broker.getName()))
        .orElseGet(OfferedSecret.Absent::new);
  }
}
