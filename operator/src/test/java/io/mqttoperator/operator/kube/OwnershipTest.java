package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnershipTest {

  private static final Secret RETAINED =
      new SecretBuilder()
          .withNewMetadata()
          .withName("fleet-ca")
          .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR, Labels.RETAINED_FOR, "fleet"))
          .endMetadata()
          .build();

  @Test
  void aBrokerTakesUpWhatWasRetainedForItsName() {
    assertThat(Applier.isOurs(RETAINED, named(new MqttBroker(), "fleet"))).isTrue();
    assertThat(Applier.isOurs(RETAINED, named(new MqttBroker(), "other"))).isFalse();
  }

  @Test
  void aUserOfTheBrokersNameDoesNotReachTheAuthority() {
    assertThat(Applier.isOurs(RETAINED, named(new MqttUser(), "fleet"))).isFalse();
  }

  @Test
  void aControllerReferenceCountsByItsUid() {
    var broker = named(new MqttBroker(), "fleet");
    var owned =
        new SecretBuilder()
            .withNewMetadata()
            .withOwnerReferences(Applier.controlledBy(broker))
            .endMetadata()
            .build();
    assertThat(Applier.isOurs(owned, broker)).isTrue();
    var successor = named(new MqttBroker(), "fleet");
    successor.getMetadata().setUid("another");
    assertThat(Applier.isOurs(owned, successor)).isFalse();
  }

  private static HasMetadata named(HasMetadata resource, String name) {
    resource.setMetadata(new ObjectMetaBuilder().withName(name).withUid("uid-" + name).build());
    return resource;
  }
}
