package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import java.util.List;
import java.util.Map;

/**
 * A pod that shows whether an image is a Mosquitto that we can run: the real image and user, no
 * volume, no Secret, no network use.
 */
final class ImageTrialBlueprint {

  /** What the supervisor runs. */
  static final List<String> TOOLS =
      List.of(
          "cat",
          "chmod",
          "cp",
          "date",
          "grep",
          "ln",
          "mkdir",
          "mv",
          "rm",
          "sed",
          "sha256sum",
          "sleep",
          "timeout",
          "mosquitto");

  /**
   * Writes the version, and stops at the first tool that is missing. The startup probe runs without
   * a shell, so {@code test} must be a file.
   */
  static final String SCRIPT =
      "missing() { echo \"the image has no $1\" >/dev/termination-log; exit 1; };"
          + " for tool in "
          + String.join(" ", TOOLS)
          + "; do command -v $tool >/dev/null || missing $tool; done;"
          + " IFS=:; for folder in $PATH; do [ ! -x \"$folder/test\" ] || test=$folder; done;"
          + " [ -n \"${test-}\" ] || missing test;"
          + " mosquitto -h 2>&1 | sed -n 1p >/dev/termination-log";

  private ImageTrialBlueprint() {}

  static Pod of(BrokerProfile profile) {
    var asked = BrokerProfile.specOf(profile.broker());
    var metadata =
        SecretBlueprint.metadata(profile, profile.names().imageTrial(), "image-trial", Map.of());
    return new PodBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withServiceAccountName(profile.names().broker())
        .withSecurityContext(PodSecurity.ofPod())
        .withImagePullSecrets(asked.imagePullSecrets())
        .withNodeSelector(asked.nodeSelector())
        .withTolerations(asked.tolerations())
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName(BrokerNames.CONTAINER)
        .withImage(profile.image())
        .withCommand("/bin/sh", "-c", SCRIPT)
        .withSecurityContext(PodSecurity.ofContainer())
        .withNewResources()
        .withLimits(Map.of("memory", new Quantity("64Mi")))
        .withRequests(Map.of("memory", new Quantity("16Mi"), "cpu", new Quantity("10m")))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }
}
