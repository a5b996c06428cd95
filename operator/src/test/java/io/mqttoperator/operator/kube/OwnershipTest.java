package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import org.junit.jupiter.api.Test;

class OwnershipTest {

  @Test
  void anObjectBelongsToItsControllerByUid() {
    var broker = owner(new MqttBroker(), "uid-1");
    var secret =
        new SecretBuilder().withNewMetadata().withName("fleet-server").endMetadata().build();
    assertThat(Applier.isOurs(secret, broker)).isFalse();
    secret.addOwnerReference(Applier.controlledBy(broker));
    assertThat(Applier.isOurs(secret, broker)).isTrue();
    assertThat(Applier.isOurs(secret, owner(new MqttBroker(), "uid-2")))
        .as("a broker of the same name, made later")
        .isFalse();
  }

  @Test
  void anOwnerThatIsNotTheControllerOwnsNothing() {
    var broker = owner(new MqttBroker(), "uid-1");
    var reference = Applier.controlledBy(broker);
    reference.setController(false);
    var secret = new SecretBuilder().withNewMetadata().endMetadata().build();
    secret.addOwnerReference(reference);
    assertThat(Applier.isOurs(secret, broker)).isFalse();
  }

  @Test
  void whatABrokerLeftBehindIsTakenUpByOneOfItsName() {
    assertThat(Applier.isOurs(retainedAuthority(), owner(new MqttBroker(), "uid-2"))).isTrue();
    var other = owner(new MqttBroker(), "uid-3");
    other.getMetadata().setName("other");
    assertThat(Applier.isOurs(retainedAuthority(), other)).isFalse();
  }

  /** Its {@code spec.secret.name} may be {@code fleet-ca}. */
  @Test
  void aUserOfTheBrokersNameDoesNotReachItsAuthority() {
    assertThat(Applier.isOurs(retainedAuthority(), owner(new MqttUser(), "uid-4"))).isFalse();
  }

  private static Secret retainedAuthority() {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("fleet-ca")
        .addToLabels(Labels.of("fleet", "authority"))
        .addToLabels(Labels.RETAINED_FOR, "fleet")
        .endMetadata()
        .build();
  }

  private static HasMetadata owner(HasMetadata owner, String uid) {
    owner.getMetadata().setName("fleet");
    owner.getMetadata().setUid(uid);
    return owner;
  }
}
