package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mqttoperator.operator.broker.observation.ImageTrial;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import java.util.Map;

/**
 * A pod that shows whether an image is a Mosquitto that we can run: the real image and user, no
 * volume, no Secret, no network use.
 */
public final class ImageTrialBlueprint {

  private ImageTrialBlueprint() {}

  public static Pod of(BrokerProfile profile) {
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
        .withCommand("/bin/sh", "-c", ImageTrial.SCRIPT)
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
