package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import java.util.List;
import java.util.Map;

/**
 * The Mosquitto beside a pod's broker that joins it to the hub's. It has no listener on the network
 * and is never sent SIGHUP: a bridge inside a broker that reloads loses messages. In the hub's pod
 * its script waits. Pure.
 */
public final class BridgeContainer {

  public static final String NAME = "bridge";
  static final String FILE = "bridge.sh";

  /** In each direction, while a broker is away; a message of 100 bytes takes 0.6 kB. */
  static final int MAX_QUEUED_MESSAGES = 100_000;

  static final long MAX_QUEUED_BYTES = 32L << 20;

  private static final String SOURCE = "bridge-source";
  private static final String RUN = "bridge-run";

  private BridgeContainer() {}

  static String script() {
    return Script.read(FILE);
  }

  /** Its memory is for two full queues. */
  static Container of(BrokerProfile profile) {
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(profile.image())
        .withCommand("/bin/sh", "/mosquitto/supervisor/" + FILE)
        .withNewResources()
        .withRequests(Map.of("memory", new Quantity("32Mi"), "cpu", new Quantity("10m")))
        .withLimits(Map.of("memory", new Quantity("256Mi")))
        .endResources()
        .withSecurityContext(PodSecurity.ofContainer())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .addToVolumeMounts(
            new VolumeMountBuilder()
                .withName(SOURCE)
                .withMountPath("/mosquitto/bridge-source")
                .withReadOnly(true)
                .build(),
            new VolumeMountBuilder()
                .withName(PodBlueprint.SUPERVISOR)
                .withMountPath("/mosquitto/supervisor")
                .withReadOnly(true)
                .build(),
            new VolumeMountBuilder().withName(RUN).withMountPath("/mosquitto/run").build(),
            new VolumeMountBuilder()
                .withName(PodBlueprint.DATA)
                .withMountPath("/mosquitto/data")
                .build())
        .build();
  }

  static List<Volume> volumes(BrokerProfile profile) {
    return List.of(
        new VolumeBuilder()
            .withName(SOURCE)
            .withNewProjected()
            .withDefaultMode(0440)
            .withSources(
                new VolumeProjectionBuilder()
                    .withNewSecret()
                    .withName(profile.names().bridge())
                    .endSecret()
                    .build())
            .endProjected()
            .build(),
        new VolumeBuilder()
            .withName(RUN)
            .withNewEmptyDir()
            .withMedium("Memory")
            .withSizeLimit(new Quantity("16Mi"))
            .endEmptyDir()
            .build());
  }
}
