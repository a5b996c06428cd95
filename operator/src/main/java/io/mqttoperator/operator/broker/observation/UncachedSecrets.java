package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * Asks the API for Secrets that users and brokers refer to. Only labelled Secrets are cached: one
 * that is not there may be there without its label, or have it since a moment ago.
 */
final class UncachedSecrets {

  private final KubernetesClient client;

  UncachedSecrets(KubernetesClient client) {
    this.client = client;
  }

  Optional<Secret> get(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }
}
