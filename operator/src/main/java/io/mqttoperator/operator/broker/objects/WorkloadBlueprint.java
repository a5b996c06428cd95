package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What runs a broker's pods: their account, budget, and StatefulSet with its volumes. Pure. */
final class WorkloadBlueprint {

  private final BrokerProfile profile;
  private final ResourceRequirements resources;

  WorkloadBlueprint(BrokerProfile profile, ResourceRequirements resources) {
    this.profile = profile;
    this.resources = resources;
  }

  /** Pods need no rights at all, so the account has none and no token. */
  ServiceAccount serviceAccount() {
    return new ServiceAccountBuilder()
        .withMetadata(metadata("workload", Map.of()))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  /** One pod at a time may be evicted; with one replica a drain is not held up. */
  PodDisruptionBudget disruptionBudget() {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(metadata("workload", Map.of()))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withSelector(
            new LabelSelectorBuilder()
                .withMatchLabels(Labels.selector(profile.names().broker()))
                .build())
        .endSpec()
        .build();
  }

  /**
   * The pods.
   *
   * @param present the StatefulSet that is there, whose rollout goes on
   */
  StatefulSet statefulSet(Optional<StatefulSet> present) {
    var template = new PodBlueprint(profile, resources).template();
    var digest = Drift.digest(template);
    return statefulSet(
        template, present.map(set -> Partition.begin(set, digest, profile.replicas())).orElse(0));
  }

  /** Another for each other pod template. */
  String templateDigest() {
    return Drift.digest(new PodBlueprint(profile, resources).template());
  }

  /** The same pods, when the change of their template may go on to {@code partition}. */
  StatefulSet statefulSet(int partition) {
    return statefulSet(new PodBlueprint(profile, resources).template(), partition);
  }

  private StatefulSet statefulSet(PodTemplateSpec template, int partition) {
    var derived = BrokerProfile.specOf(profile.broker()).resources() == null;
    var annotations = new HashMap<String, String>();
    annotations.put(Labels.TEMPLATE, Drift.digest(template));
    if (derived) {
      annotations.put(PodResources.Derived.ANNOTATION, "true");
    }
    var set =
        new StatefulSetBuilder()
            .withMetadata(metadata("workload", annotations))
            .withNewSpec()
            .withReplicas(profile.replicas())
            .withServiceName(profile.names().podsService())
            .withPodManagementPolicy("Parallel")
            .withSelector(
                new LabelSelectorBuilder()
                    .withMatchLabels(Labels.selector(profile.names().broker()))
                    .build())
            .withTemplate(template)
            .withNewUpdateStrategy()
            .withType("RollingUpdate")
            .withNewRollingUpdate()
            .withPartition(partition)
            .endRollingUpdate()
            .endUpdateStrategy()
            .withNewPersistentVolumeClaimRetentionPolicy()
            .withWhenDeleted(profile.retainsVolume() ? "Retain" : "Delete")
            .withWhenScaled("Retain")
            .endPersistentVolumeClaimRetentionPolicy();
    if (!profile.isEphemeral()) {
      set = set.withVolumeClaimTemplates(claim());
    }
    return set.endSpec().build();
  }

  private PersistentVolumeClaim claim() {
    // The same whether it is retained or not: a StatefulSet's claims can never be changed.
    var labels = new HashMap<>(Labels.of(profile.names().broker(), "data"));
    labels.put(Labels.RETAINED_FOR, profile.names().broker());
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(PodBlueprint.DATA)
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(profile.storage().storageClassName())
        .withNewResources()
        .withRequests(
            Map.of("storage", Optional.ofNullable(profile.storage().size()).orElseThrow()))
        .endResources()
        .endSpec()
        .build();
  }

  private ObjectMeta metadata(String component, Map<String, String> annotations) {
    return SecretBlueprint.metadata(profile, profile.names().broker(), component, annotations);
  }
}
