package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.Ownership;
import java.util.Optional;

/**
 * The claims of a broker's volumes. The StatefulSet makes it, and would mount one of that name
 * whoever made it: with a database of somebody else's, or one that others can write.
 */
final class DataVolume {

  private final KubernetesClient client;

  DataVolume(KubernetesClient client) {
    this.client = client;
  }

  /**
   * To be called before the StatefulSet is applied. Reads those of pods that are to be added from
   * the API server: the caches hold only what is labelled.
   *
   * @throws NameTaken if there is a claim of such a name which was not kept for this broker
   */
  void requireFree(BrokerProfile profile, BrokerObservation seen) {
    if (profile.isEphemeral()) {
      return;
    }
    var names = profile.names();
    var present = seen.statefulSet().map(set -> set.getSpec().getReplicas()).orElse(0);
    for (int ordinal = present; ordinal < profile.replicas(); ordinal++) {
      requireFree(
          Optional.ofNullable(
              client
                  .persistentVolumeClaims()
                  .inNamespace(names.namespace())
                  .withName(names.dataClaim(ordinal))
                  .get()),
          names);
    }
  }

  static void requireFree(Optional<? extends HasMetadata> claim, BrokerNames names) {
    if (claim.isPresent() && !Ownership.isRetainedFor(claim.get(), names.broker())) {
      throw NameTaken.byWhatMayBeKept(
          "PersistentVolumeClaim " + claim.get().getMetadata().getName(),
          Labels.of(names.broker(), "data"),
          names.broker());
    }
  }
}
