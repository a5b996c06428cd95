package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.ApiRefusal;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Optional;

/**
 * The claims of a broker's volumes. The StatefulSet makes it, and would mount one of that name
 * whoever made it: with a database of somebody else's, or one that others can write.
 */
public final class DataVolume {

  private final KubernetesClient client;
  private final Applier applier;

  public DataVolume(KubernetesClient client, Applier applier) {
    this.client = client;
    this.applier = applier;
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

  /**
   * Asks the claims for the size that the spec has. No right to read StorageClasses is needed: the
   * API server refuses where the class does not let volumes grow.
   *
   * @return the first refusal
   */
  Optional<Verdict> grow(BrokerProfile profile, BrokerObservation seen) {
    return VolumeGrowth.due(profile, seen).stream()
        .flatMap(claim -> grow(claim, profile).stream())
        .findFirst();
  }

  private Optional<Verdict> grow(PersistentVolumeClaim claim, BrokerProfile profile) {
    var size = String.valueOf(profile.storage().size());
    try {
      applier.requestStorage(claim, size);
      return Optional.empty();
    } catch (KubernetesClientException failed) {
      if (!ApiRefusal.isOfContent(failed)) {
        throw failed;
      }
      return Optional.of(VolumeGrowth.refused(claim, profile, ApiRefusal.sentence(failed)));
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
