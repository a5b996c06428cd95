package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedPartsTest {

  private final SharedParts shared = new SharedParts();

  @Test
  void whatSecretsHaveInCommonIsOneObject() {
    var one = shared.prune(secret("one"));
    var other = shared.prune(secret("other"));
    assertThat(other.getMetadata().getLabels()).isSameAs(one.getMetadata().getLabels());
    assertThat(other.getData().get("ca.crt")).isSameAs(one.getData().get("ca.crt"));
    assertThat(one.getMetadata().getManagedFields()).isNull();
  }

  /** What is shared outlives the objects that it was in. */
  @Test
  void noSecretValueIsHeld() {
    var one = shared.prune(secret("one"));
    var other = shared.prune(secret("other"));
    assertThat(other.getData().get("password"))
        .isEqualTo(one.getData().get("password"))
        .isNotSameAs(one.getData().get("password"));
  }

  @Test
  void nothingThatIsReadIsLost() {
    var before = secret("one");
    before.getMetadata().setManagedFields(null);
    assertThat(shared.prune(secret("one"))).isEqualTo(before);
  }

  @Test
  void equalConditionsAreOneObject() {
    var one = conditions(shared.prune(user()));
    var other = conditions(shared.prune(user()));
    assertThat(other.getFirst()).isSameAs(one.getFirst());
  }

  private static List<io.fabric8.kubernetes.api.model.Condition> conditions(MqttUser user) {
    return java.util.Objects.requireNonNull(user.getStatus().conditions());
  }

  private static MqttUser user() {
    var user = new MqttUser();
    var condition = new ConditionBuilder().withType("Ready").withStatus("True").build();
    user.setStatus(
        new MqttUserStatus(1L, new ArrayList<>(List.of(condition)), "anna", null, null, null));
    return user;
  }

  private static Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("app.kubernetes.io/instance", "fleet")
        .withManagedFields(new ManagedFieldsEntryBuilder().withManager("somebody").build())
        .endMetadata()
        .withType("servicebinding.io/mqtt")
        .addToData("ca.crt", new String("Q0E="))
        .addToData("password", new String("c2VjcmV0"))
        .build();
  }
}
