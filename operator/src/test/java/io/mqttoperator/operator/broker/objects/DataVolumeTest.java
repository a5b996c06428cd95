package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.NameTaken;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataVolumeTest {

  private static final BrokerNames FLEET = Samples.defaults().names();

  @Test
  void somebodyElsesClaimIsNotMounted() {
    for (var claim : new PersistentVolumeClaim[] {claim(""), claim("other")}) {
      assertThatThrownBy(() -> DataVolume.requireFree(Optional.of(claim), FLEET))
          .isInstanceOf(NameTaken.class)
          .hasMessageStartingWith("PersistentVolumeClaim data-fleet-0 exists and does not belong")
          .hasMessageContaining("label it again")
          .hasMessageContaining("mqttoperator.io/retained-for=fleet");
    }
  }

  @Test
  void theOneThatWasKeptIsMountedAgain() {
    assertThatCode(() -> DataVolume.requireFree(Optional.of(claim("fleet")), FLEET))
        .doesNotThrowAnyException();
    assertThatCode(() -> DataVolume.requireFree(Optional.empty(), FLEET))
        .doesNotThrowAnyException();
  }

  private static PersistentVolumeClaim claim(String retainedFor) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("data-fleet-0")
        .addToLabels(Labels.of("fleet", "data"))
        .addToLabels(Labels.RETAINED_FOR, retainedFor)
        .endMetadata()
        .build();
  }
}
