package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.SecretReferences;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the Secrets that a broker's spec refers to. */
final class OfferedSecrets {

  private final Caches caches;
  private final KubernetesClient client;

  OfferedSecrets(Caches caches, KubernetesClient client) {
    this.caches = caches;
    this.client = client;
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

  /**
   * Only labelled Secrets are cached: one that is not there may be there without its label, or have
   * it since a moment ago.
   */
  private OfferedSecret read(ObjectMeta broker, String name) {
    var namespace = broker.getNamespace();
    return caches
        .credentials
        .get(namespace, name)
        .or(() -> Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get()))
        .map(secret -> OfferedSecret.of(secret, broker.getName()))
        .orElseGet(OfferedSecret.Absent::new);
  }
}
