package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.secret;
import static io.mqttoperator.operator.access.Samples.seen;
import static io.mqttoperator.operator.access.Samples.user;
import static io.mqttoperator.operator.access.Samples.withOwnPassword;
import static io.mqttoperator.operator.access.Samples.withUsername;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.UserCertificate;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.api.UserSecret;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserRulesTest {

  /** What of {@link BrokerNames} names something else than a Secret. */
  private static final Set<String> NO_SECRETS =
      Set.of(
          "broker",
          "clusterDomain",
          "dataClaim",
          "host",
          "imageTrial",
          "internalName",
          "namespace",
          "pod",
          "podHost",
          "podsService",
          "service",
          "statefulSet",
          "supervisor",
          "toString",
          "trust");

  @Test
  void acceptsAUserOfTheBrokersNamespace() {
    assertThat(check(seen(user("alice"))))
        .isEqualTo(Verdict.yes(Reason.ACCEPTED, "The user is valid."));
    var named = new MqttUserSpec(new BrokerRef("fleet", "plant"), null, null, null, null);
    assertThat(check(seen(user("alice", named))).isTrue()).isTrue();
  }

  @Test
  void refusesABrokerInAnotherNamespaceBeforeAllElse() {
    var spec =
        new MqttUserSpec(new BrokerRef("fleet", "other"), "not a username", null, null, null);
    var verdict = UserRules.check(seen(user("alice", spec)), Set.of());
    assertThat(verdict)
        .isEqualTo(
            Verdict.no(
                Reason.NAMESPACE_NOT_ALLOWED,
                "spec.brokerRef: no broker in namespace other takes users and ACLs from namespace"
                    + " plant."));
    assertThat(Orphans.brokerNotFound("plant", new ResourceKey("other", "fleet")))
        .as("as if there were no broker")
        .isEqualTo(verdict);
  }

  @Test
  void saysThatABrokerOfTheOwnNamespaceIsMissing() {
    assertThat(Orphans.brokerNotFound("plant", new ResourceKey("plant", "fleet")))
        .isEqualTo(
            Verdict.no(
                Reason.BROKER_NOT_FOUND,
                "spec.brokerRef: there is no MqttBroker fleet in this namespace."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a/b", "$SYS", "é", "a\n", "+", "#"})
  void refusesAnImpossibleUsername(String username) {
    var verdict = check(seen(withUsername("alice", username)));
    assertThat(verdict.isFalse()).isTrue();
    assertThat(verdict.reason()).isEqualTo(Reason.INVALID);
    assertThat(verdict.message())
        .startsWith("spec.username: A username is 1 to 128 of the characters")
        .endsWith("Without spec.username, metadata.name is the username.");
  }

  @Test
  void refusesAUsernameThatAnotherHas() {
    var first = withUsername("first", "shared");
    var second = withUsername("second", "shared");
    var seen =
        new UserObservation(
            second, first, new Standing.Member(), Optional.empty(), Optional.empty());
    assertThat(check(seen))
        .isEqualTo(
            Verdict.no(
                Reason.USERNAME_CONFLICT,
                "The username shared belongs to MqttUser first, which was first. Choose another"
                    + " username."));
  }

  /** All that a broker has names for, but for what is no Secret. A new one is to be decided on. */
  private static Stream<String> namesOfSecretsOfTheBroker() throws ReflectiveOperationException {
    var names = new BrokerNames("default", "fleet", "cluster.local");
    var found = new ArrayList<String>();
    for (var method : BrokerNames.class.getDeclaredMethods()) {
      if (method.getReturnType() != String.class
          || method.isSynthetic()
          || NO_SECRETS.contains(method.getName())) {
        continue;
      }
      if (method.getParameterCount() == 0) {
        found.add((String) method.invoke(names));
      } else if (Arrays.equals(method.getParameterTypes(), new Class<?>[] {int.class})) {
        // Also where it is not there yet: the shards come with the users.
        found.add((String) method.invoke(names, 0));
        found.add((String) method.invoke(names, 31));
      }
    }
    return found.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("namesOfSecretsOfTheBroker")
  void refusesTheNameOfASecretOfTheBroker(String name) {
    assertThat(check(seen(withSecret(name))))
        .isEqualTo(
            Verdict.no(
                Reason.NAME_TAKEN,
                "spec.secret.name: Secret "
                    + name
                    + " is one of the broker's own. Choose another name."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "fleet-mqtt", "fleet-files-a", "my-fleet-ca", "other-ca"})
  void takesOtherNamesOfSecrets(String name) {
    assertThat(check(seen(withSecret(name))).isTrue()).isTrue();
  }

  private static MqttUser withSecret(String name) {
    var secret = new UserSecret(name, null, null);
    return user("alice", new MqttUserSpec(Samples.FLEET, null, null, null, secret));
  }

  @Test
  void refusesAUserThatNoListenerTakes() {
    assertThat(UserRules.check(seen(user("alice")), Set.of()))
        .isEqualTo(
            Verdict.no(
                Reason.NO_LISTENER,
                "No listener of the broker takes a password. Add one with authentication:"
                    + " Password."));
  }

  @Test
  void aCertificateOpensListenersForItAlone() {
    var certified = user("alice", certified(null, null));
    assertThat(UserRules.check(seen(certified), Set.of(ClientAuthentication.CERTIFICATE)).isTrue())
        .isTrue();
    for (var other :
        Set.of(
            ClientAuthentication.PASSWORD,
            ClientAuthentication.CERTIFICATE_AND_PASSWORD,
            ClientAuthentication.ANONYMOUS)) {
      assertThat(UserRules.check(seen(certified), Set.of(other)))
          .isEqualTo(
              Verdict.no(
                  Reason.NO_LISTENER,
                  "No listener of the broker takes the user's certificate. Add one with"
                      + " authentication: Certificate."));
    }
    var both = user("alice", certified(null, new UserPassword(null, null)));
    for (var listener : ClientAuthentication.values()) {
      assertThat(UserRules.check(seen(both), Set.of(listener)).isTrue())
          .isEqualTo(
              listener != ClientAuthentication.ANONYMOUS
                  && listener != ClientAuthentication.PRE_SHARED_KEY);
    }
  }

  @Test
  void aCommonNameHoldsNoMoreThan64Characters() {
    var any = Set.of(ClientAuthentication.CERTIFICATE);
    var fits = user("alice", certified("a".repeat(64), null));
    assertThat(UserRules.check(seen(fits), any).isTrue()).isTrue();
    var tooLong = user("alice", certified("a".repeat(65), null));
    assertThat(UserRules.check(seen(tooLong), any))
        .isEqualTo(
            Verdict.no(
                Reason.USERNAME_TOO_LONG,
                "The username has 65 characters, and a certificate holds 64 at most. Make the user"
                    + " anew with a shorter name."));
    assertThat(check(seen(withUsername("alice", "a".repeat(65)))).isTrue()).isTrue();
  }

  private static MqttUserSpec certified(
      @Nullable String username, @Nullable UserPassword password) {
    var asked = new UserCertificate(null, null, null, null, null, null, null);
    return new MqttUserSpec(Samples.FLEET, username, null, password, asked, null);
  }

  @Test
  void saysWhatIsWrongWithAnOwnPassword() {
    assertThat(checkOwn(new OwnPassword.Absent()))
        .isEqualTo(
            Verdict.no(
                Reason.SECRET_NOT_FOUND,
                "spec.password.secretRef: there is no Secret own in this namespace."));
    assertThat(checkOwn(new OwnPassword.NotOffered()))
        .isEqualTo(
            Verdict.no(
                Reason.SECRET_NOT_LABELLED,
                "spec.password.secretRef: Secret own is not labelled mqttoperator.io/credentials:"
                    + " \"true\", by which its owner offers it to the operator."));
    assertThat(checkOwn(new OwnPassword.KeyMissing("password")))
        .isEqualTo(
            Verdict.no(
                Reason.SECRET_KEY_MISSING,
                "spec.password.secretRef: Secret own has no key password."));
  }

  @Test
  void namesTheKeyThatIsMissing() {
    var password = new UserPassword(new PasswordSecretRef("own", "mqtt", null), null);
    var user = user("alice", new MqttUserSpec(Samples.FLEET, null, null, password, null));
    assertThat(check(seen(user, new OwnPassword.KeyMissing("mqtt"))).message())
        .isEqualTo("spec.password.secretRef: Secret own has no key mqtt.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "trout\n", "tr\u0000out", "\rtrout"})
  void refusesPasswordsThatMosquittoWouldReadOtherwiseAndDoesNotQuoteThem(String password) {
    var verdict = checkOwn(new OwnPassword.Found(secret(password), "7"));
    assertThat(verdict.isFalse()).isTrue();
    assertThat(verdict.reason()).isEqualTo(Reason.INVALID_PASSWORD);
    assertThat(verdict.message())
        .startsWith("Secret own: The password ")
        .doesNotContain("trout", "tr\u0000out");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    var verdict =
        checkOwn(new OwnPassword.Found(new SecretBytes(new byte[] {(byte) 0xC3, 0x28}), "7"));
    assertThat(verdict)
        .isEqualTo(
            Verdict.no(Reason.INVALID_PASSWORD, "Secret own: The password is not valid UTF-8."));
  }

  private static Verdict checkOwn(OwnPassword own) {
    return check(seen(withOwnPassword("alice"), own));
  }

  private static Verdict check(UserObservation seen) {
    return UserRules.check(seen, Samples.PASSWORDS);
  }
}
