package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
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
    assertThat(Ownership.isOurs(secret, broker)).isFalse();
    secret.addOwnerReference(Ownership.controlledBy(broker));
    assertThat(Ownership.isOurs(secret, broker)).isTrue();
    assertThat(Ownership.isOurs(secret, owner(new MqttBroker(), "uid-2")))
        .as("a broker of the same name, made later")
        .isFalse();
  }

  @Test
  void anOwnerThatIsNotTheControllerOwnsNothing() {
    var broker = owner(new MqttBroker(), "uid-1");
    var reference = Ownership.controlledBy(broker);
    reference.setController(false);
    var secret = new SecretBuilder().withNewMetadata().endMetadata().build();
    secret.addOwnerReference(reference);
    assertThat(Ownership.isOurs(secret, broker)).isFalse();
  }

  @Test
  void whatABrokerLeftBehindIsTakenUpByOneOfItsName() {
    assertThat(Ownership.isOurs(retainedAuthority(), owner(new MqttBroker(), "uid-2"))).isTrue();
    var other = owner(new MqttBroker(), "uid-3");
    other.getMetadata().setName("other");
    assertThat(Ownership.isOurs(retainedAuthority(), other)).isFalse();
  }

  /** Without the one by which caches select: it is found past them, and labelled again. */
  @Test
  void whatIsKeptStaysOursWhenItLosesALabel() {
    var kept = retainedAuthority();
    kept.getMetadata().getLabels().remove(Labels.MANAGED_BY);
    assertThat(Ownership.isOurs(kept, owner(new MqttBroker(), "uid-2"))).isTrue();
    kept.getMetadata().getLabels().remove(Labels.RETAINED_FOR);
    assertThat(Ownership.isOurs(kept, owner(new MqttBroker(), "uid-2"))).isFalse();
  }

  /** Whoever knew the internal authority's key could pose as a pod of the broker. */
  @Test
  void noOtherSecretIsTakenUpByItsLabels() {
    var planted = retainedAuthority();
    planted.getMetadata().setName("fleet-operator");
    assertThat(Ownership.isOurs(planted, owner(new MqttBroker(), "uid-2"))).isFalse();
    var configMap = new ConfigMapBuilder().withMetadata(retainedAuthority().getMetadata()).build();
    assertThat(Ownership.isOurs(configMap, owner(new MqttBroker(), "uid-2"))).isFalse();
  }

  @Test
  void nobodyIsToldToDeleteAnAuthority() {
    assertThat(
            NameTaken.byWhatMayBeKept("Secret fleet-ca", Labels.of("fleet", "authority"), "fleet"))
        .hasMessage(
            "Secret fleet-ca exists and does not belong to this resource; it was not touched. If it"
                + " was kept for this broker, label it again, all of"
                + " app.kubernetes.io/component=authority, app.kubernetes.io/instance=fleet,"
                + " app.kubernetes.io/managed-by=mqtt-operator, app.kubernetes.io/name=mosquitto,"
                + " mqttoperator.io/retained-for=fleet; else give the broker another name.");
  }

  /** Its {@code spec.secret.name} may be {@code fleet-ca}. */
  @Test
  void aUserOfTheBrokersNameDoesNotReachItsAuthority() {
    assertThat(Ownership.isOurs(retainedAuthority(), owner(new MqttUser(), "uid-4"))).isFalse();
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
