package io.mqttoperator.operator.broker.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.api.PasswordFormat;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nothing is decided twice, and nothing that is another decision is taken for the same. */
class DecidedUsersTest {

  private final DecidedUsers known = new DecidedUsers();

  private static MqttUser user(String name) {
    var user = new MqttUser();
    AccessResources.place(user, AccessResources.NAMESPACE, name);
    var own = new PasswordSecretRef("own", null, PasswordFormat.MOSQUITTO_HASH);
    user.setSpec(
        new MqttUserSpec(AccessResources.BROKER, null, null, new UserPassword(own, null), null));
    user.setStatus(new MqttUserStatus(1L, null, name, null, null));
    return user;
  }

  private static UserObservation seen(String name, String password) {
    var user = user(name);
    var own = new OwnPassword.Found(new SecretBytes(password.getBytes(UTF_8)), "1", true);
    return new UserObservation(
        user, user, new Standing.Member(), Optional.of(own), Optional.empty());
  }

  private static PasswordHash hash(String password) {
    return PasswordHash.pbkdf2(password.getBytes(UTF_8), new byte[12], 1);
  }

  @Test
  void whoIsTheSameIsNotDecidedAgain() {
    var anna = seen("anna", hash("a").value());
    var bert = seen("bert", hash("b").value());
    var first = known.decide(List.of(anna, bert), Samples.PASSWORDS, StoredHashes.NONE);
    var changed = seen("bert", hash("c").value());
    // Other objects that are equal, as each pass has them.
    var second =
        known.decide(
            List.of(anna, changed), EnumSet.copyOf(Samples.PASSWORDS), name -> Optional.empty());
    assertThat(second.get(anna.uid())).isSameAs(first.get(anna.uid()));
    assertThat(second.get(bert.uid()))
        .isNotEqualTo(first.get(bert.uid()))
        .isEqualTo(CredentialRules.decide(changed, Samples.PASSWORDS, StoredHashes.NONE));
  }

  @Test
  void otherListenersAreAnotherDecision() {
    var anna = seen("anna", hash("a").value());
    known.decide(List.of(anna), Samples.PASSWORDS, StoredHashes.NONE);
    var now =
        known.decide(List.of(anna), EnumSet.of(ClientAuthentication.ANONYMOUS), StoredHashes.NONE);
    assertThat(Objects.requireNonNull(now.get(anna.uid())).accepted().isTrue()).isFalse();
  }

  @Test
  void aLastGoodPasswordIsTheOneThatPodsHaveNow() {
    var anna = seen("anna", "no hash");
    for (var stored : List.of(hash("a"), hash("b"))) {
      var decided = known.decide(List.of(anna), Samples.PASSWORDS, name -> Optional.of(stored));
      assertThat(Objects.requireNonNull(decided.get(anna.uid())).password())
          .isEqualTo(new Password.LastGoodHash(stored));
    }
  }
}
