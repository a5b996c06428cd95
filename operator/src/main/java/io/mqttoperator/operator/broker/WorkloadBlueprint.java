package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.InternalListener;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A broker's pods and what belongs to them. Pure. */
final class WorkloadBlueprint {

  static final String CONTAINER = "mosquitto";

  /** Mosquitto's user in every distribution's image. */
  private static final long USER = 1883;

  private static final String SOURCE = "source";
  private static final String RUN = "run";
  private static final String DATA = "data";
  private static final String SUPERVISOR = "supervisor";

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

  StatefulSet statefulSet() {
    var derived = BrokerProfile.specOf(profile.broker()).resources() == null;
    var annotations =
        derived ? Map.of(PodResources.Derived.ANNOTATION, "true") : Map.<String, String>of();
    var set =
        new StatefulSetBuilder()
            .withMetadata(metadata("workload", annotations))
            .withNewSpec()
            .withReplicas(1)
            .withServiceName(profile.names().podsService())
            .withPodManagementPolicy("Parallel")
            .withSelector(
                new LabelSelectorBuilder()
                    .withMatchLabels(Labels.selector(profile.names().broker()))
                    .build())
            .withTemplate(template())
            .withNewPersistentVolumeClaimRetentionPolicy()
            .withWhenDeleted(profile.retainsVolume() ? "Retain" : "Delete")
            .withWhenScaled("Retain")
            .endPersistentVolumeClaimRetentionPolicy();
    if (!profile.isEphemeral()) {
      set = set.withVolumeClaimTemplates(claim());
    }
    return set.endSpec().build();
  }

  /**
   * A pod that shows whether an image is a Mosquitto that we can run: the real image and user, no
   * volume, no Secret, no network use.
   */
  Pod imageTrial() {
    var asked = BrokerProfile.specOf(profile.broker());
    var metadata =
        SecretBlueprint.metadata(profile, profile.names().imageTrial(), "image-trial", Map.of());
    return new PodBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withServiceAccountName(profile.names().broker())
        .withSecurityContext(podSecurity())
        .withImagePullSecrets(asked.imagePullSecrets())
        .withNodeSelector(asked.nodeSelector())
        .withTolerations(asked.tolerations())
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName(CONTAINER)
        .withImage(profile.image())
        .withCommand("/bin/sh", "-c", ImageTrial.SCRIPT)
        .withSecurityContext(containerSecurity())
        .withNewResources()
        .withLimits(Map.of("memory", new Quantity("64Mi")))
        .withRequests(Map.of("memory", new Quantity("16Mi"), "cpu", new Quantity("10m")))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private PodTemplateSpec template() {
    var asked = BrokerProfile.specOf(profile.broker());
    var labels = new HashMap<String, String>();
    Optional.ofNullable(asked.podLabels()).ifPresent(labels::putAll);
    labels.putAll(Labels.selector(profile.names().broker()));
    var annotations = new HashMap<String, String>();
    Optional.ofNullable(asked.podAnnotations()).ifPresent(annotations::putAll);
    annotations.put(Labels.RESTART, restartSettings());
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(profile.names().broker())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(podSecurity())
        .withTerminationGracePeriodSeconds(30L)
        .withNodeSelector(asked.nodeSelector())
        .withTolerations(asked.tolerations())
        .withAffinity(asked.affinity())
        .withTopologySpreadConstraints(asked.topologySpreadConstraints())
        .withPriorityClassName(asked.priorityClassName())
        .withImagePullSecrets(asked.imagePullSecrets())
        .withContainers(container())
        .withVolumes(volumes())
        .endSpec()
        .build();
  }

  /**
   * Digest of all that Mosquitto takes at its start only: a change restarts the pod. Limits,
   * certificates, users and rules are not among it.
   */
  private String restartSettings() {
    var settings = new StringBuilder(Drift.sha256(Supervisor.script()));
    for (var listener : profile.listeners()) {
      var configuration = listener.configuration();
      settings
          .append('\n')
          .append(configuration.name())
          .append(' ')
          .append(configuration.port())
          .append(' ')
          .append(configuration.encryption())
          .append(' ')
          .append(configuration.authentication())
          .append(' ')
          .append(configuration.clientIdFromUsername());
    }
    return Drift.sha256(settings.toString());
  }

  private Container container() {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(profile.image())
        .withCommand("/bin/sh", "/mosquitto/supervisor/" + Supervisor.FILE)
        .withPorts(ports())
        .withResources(resources)
        .withSecurityContext(containerSecurity())
        // Mosquitto's last words become the termination message, and so BrokerFailed's.
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        // PID 1 ends when Mosquitto does: a pod that has started is ready until it ends.
        .withStartupProbe(
            new ProbeBuilder()
                .withNewExec()
                .withCommand("test", "-e", "/mosquitto/run/ready")
                .endExec()
                .withPeriodSeconds(1)
                .withFailureThreshold(600)
                .build())
        .withVolumeMounts(
            mount(SOURCE, "/mosquitto/source", true),
            mount(SUPERVISOR, "/mosquitto/supervisor", true),
            mount(RUN, "/mosquitto/run", false),
            mount(DATA, "/mosquitto/data", false))
        .build();
  }

  /** Without names: a listener's may begin with a digit, which a container port's may not. */
  private List<ContainerPort> ports() {
    return Stream.concat(
            profile.listeners().stream().map(ListenerProfile::port),
            Stream.of(InternalListener.PORT))
        .map(port -> new ContainerPortBuilder().withContainerPort(port).withProtocol("TCP").build())
        .toList();
  }

  private static VolumeMount mount(String name, String path, boolean isReadOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(isReadOnly ? true : null)
        .build();
  }

  private List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumes.add(
        new VolumeBuilder()
            .withName(SOURCE)
            .withNewProjected()
            .withDefaultMode(0440)
            .withSources(sources())
            .endProjected()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(SUPERVISOR)
            .withNewConfigMap()
            .withName(profile.names().supervisor())
            .withDefaultMode(0444)
            .endConfigMap()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(RUN)
            .withNewEmptyDir()
            .withMedium("Memory")
            .endEmptyDir()
            .build());
    if (profile.isEphemeral()) {
      volumes.add(new VolumeBuilder().withName(DATA).withNewEmptyDir().endEmptyDir().build());
    }
    return volumes;
  }

  /** Each shard that there may ever be is listed, as optional: a new one needs no restart. */
  private List<VolumeProjection> sources() {
    var sources = new ArrayList<VolumeProjection>();
    sources.add(source(profile.names().files(), false, Map.of()));
    sources.add(source(profile.names().internal(), false, Map.of()));
    sources.add(
        source(
            profile.names().server(),
            false,
            Map.of(
                SecretKeeper.CERTIFICATE, RevisionFiles.SERVER_CERTIFICATE,
                SecretKeeper.KEY, RevisionFiles.SERVER_KEY)));
    IntStream.range(0, AccessFiles.MOST_SHARDS)
        .mapToObj(index -> source(profile.names().shard(index), true, Map.of()))
        .forEach(sources::add);
    return sources;
  }

  private static VolumeProjection source(
      String secret, boolean isOptional, Map<String, String> items) {
    return new VolumeProjectionBuilder()
        .withNewSecret()
        .withName(secret)
        .withOptional(isOptional ? true : null)
        .withItems(
            items.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(item -> new KeyToPath(item.getKey(), null, item.getValue()))
                .toList())
        .endSecret()
        .build();
  }

  private PersistentVolumeClaim claim() {
    // The same whether it is retained or not: a StatefulSet's claims can never be changed.
    var labels = new HashMap<>(Labels.of(profile.names().broker(), "data"));
    labels.put(Labels.RETAINED_FOR, profile.names().broker());
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(DATA)
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

  /** The restricted Pod Security Standard. */
  private static PodSecurityContext podSecurity() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static SecurityContext containerSecurity() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  private ObjectMeta metadata(String component, Map<String, String> annotations) {
    return SecretBlueprint.metadata(profile, profile.names().broker(), component, annotations);
  }
}
