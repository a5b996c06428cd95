package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.InternalListener;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The template of a broker's pods. Pure. */
final class PodBlueprint {

  static final String DATA = "data";
  private static final String SOURCE = "source";
  private static final String RUN = "run";
  static final String SUPERVISOR = "supervisor";

  private final BrokerProfile profile;
  private final ResourceRequirements resources;

  PodBlueprint(BrokerProfile profile, ResourceRequirements resources) {
    this.profile = profile;
    this.resources = resources;
  }

  PodTemplateSpec template() {
    var asked = BrokerProfile.specOf(profile.broker());
    var labels = new HashMap<String, String>();
    Optional.ofNullable(asked.podLabels()).ifPresent(labels::putAll);
    labels.putAll(Labels.selector(profile.names().broker()));
    var annotations = new HashMap<String, String>();
    Optional.ofNullable(asked.podAnnotations()).ifPresent(annotations::putAll);
    annotations.put(Labels.SCRIPTS, scripts());
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(profile.names().broker())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(PodSecurity.ofPod())
        .withTerminationGracePeriodSeconds(30L)
        .withNodeSelector(asked.nodeSelector())
        .withTolerations(asked.tolerations())
        .withAffinity(asked.affinity())
        .withTopologySpreadConstraints(asked.topologySpreadConstraints())
        .withPriorityClassName(asked.priorityClassName())
        .withImagePullSecrets(asked.imagePullSecrets())
        .withContainers(containers())
        .withVolumes(volumes())
        .endSpec()
        .build();
  }

  /** What Mosquitto takes at its start only is not among it: the supervisor starts it anew. */
  private String scripts() {
    var scripts = new StringBuilder(Drift.sha256(Supervisor.script()));
    if (hasBridge()) {
      scripts.append('\n').append(Drift.sha256(BridgeContainer.script()));
    }
    return Drift.sha256(scripts.toString());
  }

  private boolean hasBridge() {
    return profile.replicas() > 1;
  }

  /** The broker's is the first. */
  private List<Container> containers() {
    return hasBridge() ? List.of(container(), BridgeContainer.of(profile)) : List.of(container());
  }

  private Container container() {
    return new ContainerBuilder()
        .withName(BrokerNames.CONTAINER)
        .withImage(profile.image())
        .withCommand("/bin/sh", "/mosquitto/supervisor/" + Supervisor.FILE)
        .withPorts(ports())
        .withResources(resources)
        .withSecurityContext(PodSecurity.ofContainer())
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

  /**
   * The operator's alone. A listed port opens nothing, and a change of the list would be another
   * pod: clients' listeners come and go while the pod stays.
   */
  private static List<ContainerPort> ports() {
    return List.of(
        new ContainerPortBuilder()
            .withContainerPort(InternalListener.PORT)
            .withProtocol("TCP")
            .build());
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
    if (hasBridge()) {
      volumes.addAll(BridgeContainer.volumes(profile));
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
                SecretEntries.CERTIFICATE, RevisionFiles.SERVER_CERTIFICATE,
                SecretEntries.KEY, RevisionFiles.SERVER_KEY)));
    IntStream.range(0, AccessShards.MAX_SHARDS)
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
}
