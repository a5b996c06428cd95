package io.mqttoperator.operator.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.broker.UserSecretBlueprint.Endpoint;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparedSecretsTest {

  private static final Endpoint ENDPOINT = new Endpoint("fleet", "mqtts", "host", 8883, "Q0E=");

  private final ComparedSecrets compared = new ComparedSecrets();
  private final MqttUser user = user();
  private final Secret secret = secret();

  @Test
  void whatWasComparedIsUnchangedUntilAnyPartIsAnother() {
    assertThat(compared.isUnchanged(user, secret, bytes("one"), ENDPOINT)).isFalse();
    compared.add(user, secret, bytes("one"), ENDPOINT);
    assertThat(compared.isUnchanged(user, secret, bytes("one"), ENDPOINT)).isTrue();
    assertThat(compared.isUnchanged(user, secret, bytes("two"), ENDPOINT)).isFalse();
    assertThat(compared.isUnchanged(user(), secret, bytes("one"), ENDPOINT)).isFalse();
    assertThat(compared.isUnchanged(user, secret(), bytes("one"), ENDPOINT)).isFalse();
    var other = new Endpoint("fleet", "mqtts", "host", 8884, "Q0E=");
    assertThat(compared.isUnchanged(user, secret, bytes("one"), other)).isFalse();
  }

  @Test
  void thoseWhoAreGoneAreForgotten() {
    compared.add(user, secret, bytes("one"), ENDPOINT);
    compared.keepOnly(Set.of("u1"));
    assertThat(compared.isUnchanged(user, secret, bytes("one"), ENDPOINT)).isTrue();
    compared.keepOnly(Set.of());
    assertThat(compared.isUnchanged(user, secret, bytes("one"), ENDPOINT)).isFalse();
  }

  private static Optional<SecretBytes> bytes(String text) {
    return Optional.of(new SecretBytes(text.getBytes(UTF_8)));
  }

  /** Each call gives another object with the same content, as a later version would be. */
  private static MqttUser user() {
    var user = new MqttUser();
    user.getMetadata().setUid("u1");
    return user;
  }

  private static Secret secret() {
    return new SecretBuilder().withNewMetadata().withName("anna-mqtt").endMetadata().build();
  }
}
