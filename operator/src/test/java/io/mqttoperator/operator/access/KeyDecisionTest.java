package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.secret;
import static io.mqttoperator.operator.access.Samples.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.PreSharedKeySecretRef;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.api.UserPreSharedKey;
import io.mqttoperator.operator.access.SeenPreSharedKey.Written;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pre-shared key a user has, and where it opens. */
class KeyDecisionTest {

  private static final String OWN = "00112233445566778899aabbccddeeff";
  private static final String MADE = "0123456789abcdef".repeat(4);
  private static final Set<ClientAuthentication> KEYS = Set.of(ClientAuthentication.PRE_SHARED_KEY);

  private static MqttUser asking(UserPreSharedKey key, @Nullable UserPassword password) {
    return user("alice", new MqttUserSpec(Samples.FLEET, null, null, password, null, key, null));
  }

  private static MqttUser generated(int generation) {
    return asking(new UserPreSharedKey(null, generation), null);
  }

  private static MqttUser owning() {
    return asking(new UserPreSharedKey(new PreSharedKeySecretRef("own", null), null), null);
  }

  private static PreSharedKey key(String hex) {
    return PreSharedKey.parse(hex.getBytes(StandardCharsets.US_ASCII));
  }

  private static UserObservation seen(
      MqttUser user, Optional<OwnPreSharedKey> own, String written, int generation) {
    var current =
        written.isEmpty()
            ? Optional.<Written>empty()
            : Optional.of(new Written(secret(written), generation));
    return new UserObservation(
        user,
        user,
        new Standing.Member(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new SeenPreSharedKey(own, current));
  }

  private static KeyDecision decide(UserObservation seen) {
    return KeyDecision.decide(seen, UserRules.check(seen, KEYS));
  }

  @Test
  void aGeneratedOneStaysUntilItsGenerationIsRaised() {
    var none = Optional.<OwnPreSharedKey>empty();
    assertThat(decide(seen(generated(1), none, "", 0))).isEqualTo(new KeyDecision.ToGenerate(1));
    assertThat(decide(seen(generated(1), none, MADE, 1)))
        .isEqualTo(new KeyDecision.Generated(key(MADE), 1));
    assertThat(decide(seen(generated(2), none, MADE, 1))).isEqualTo(new KeyDecision.ToGenerate(2));
    // Written by somebody else: shorter than ours, or none at all.
    assertThat(decide(seen(generated(1), none, OWN, 1))).isEqualTo(new KeyDecision.ToGenerate(1));
    assertThat(decide(seen(generated(1), none, "x", 1))).isEqualTo(new KeyDecision.ToGenerate(1));
  }

  @Test
  void whoAsksForNoneHasNone() {
    var user = user("alice", new MqttUserSpec(Samples.FLEET, null, null, null, null));
    assertThat(CredentialKind.of(user)).containsExactly(CredentialKind.PASSWORD);
    assertThat(decide(seen(user, Optional.empty(), MADE, 1))).isEqualTo(new KeyDecision.None());
  }

  @Test
  void withAKeyAloneThereIsNoPassword() {
    assertThat(CredentialKind.of(generated(1))).containsExactly(CredentialKind.PRE_SHARED_KEY);
    assertThat(
            CredentialKind.of(
                asking(new UserPreSharedKey(null, null), new UserPassword(null, null))))
        .containsExactlyInAnyOrder(CredentialKind.PASSWORD, CredentialKind.PRE_SHARED_KEY);
  }

  @ParameterizedTest
  @EnumSource(ClientAuthentication.class)
  void aKeyOpensItsOwnListenersAlone(ClientAuthentication listener) {
    var seen = seen(generated(1), Optional.empty(), MADE, 1);
    var verdict = UserRules.check(seen, Set.of(listener));
    if (listener == ClientAuthentication.PRE_SHARED_KEY) {
      assertThat(verdict.isTrue()).isTrue();
    } else {
      assertThat(verdict.reason()).isEqualTo(Reason.NO_LISTENER);
      assertThat(verdict.message())
          .isEqualTo(
              "No listener of the broker takes the user's pre-shared key. Add one with"
                  + " authentication: PreSharedKey.");
    }
  }

  @Test
  void anOwnOneIsTakenAtItsVersion() {
    var found = new OwnPreSharedKey.Found(secret(OWN.toUpperCase(java.util.Locale.ROOT)), "7");
    assertThat(decide(seen(owning(), Optional.of(found), MADE, 1)))
        .isEqualTo(new KeyDecision.Own(key(OWN), "7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "trout", OWN + "\n", "0x" + OWN, "00000000000000000000000000000000"})
  void oneThatIsNoneKeepsTheLastGoodOneAndIsNotSaid(String bytes) {
    var seen = seen(owning(), Optional.of(new OwnPreSharedKey.Found(secret(bytes), "7")), OWN, 0);
    var verdict = UserRules.check(seen, KEYS);
    assertThat(verdict.reason()).isEqualTo(Reason.INVALID_PRE_SHARED_KEY);
    assertThat(verdict.message())
        .startsWith("spec.preSharedKey.secretRef: Secret own: the key ")
        .doesNotContain("trout", OWN);
    assertThat(decide(seen)).isEqualTo(new KeyDecision.LastGood(key(OWN)));
  }

  @Test
  void aSecretThatIsNotThereRefusesTheUser() {
    for (var missing :
        java.util.Map.of(
                new OwnPreSharedKey.Absent(), Reason.SECRET_NOT_FOUND,
                new OwnPreSharedKey.NotOffered(), Reason.SECRET_NOT_LABELLED,
                new OwnPreSharedKey.KeyMissing("psk"), Reason.SECRET_KEY_MISSING)
            .entrySet()) {
      var seen = seen(owning(), Optional.of(missing.getKey()), OWN, 0);
      assertThat(UserRules.check(seen, KEYS).reason()).isEqualTo(missing.getValue());
      assertThat(decide(seen)).isEqualTo(new KeyDecision.None());
    }
  }

  /** Its sessions are ended with a certificate, whose name holds no more. */
  @Test
  void aUsernameOfMoreThan64CharactersIsRefused() {
    var long65 = "u".repeat(65);
    var user =
        user(
            "alice",
            new MqttUserSpec(
                Samples.FLEET, long65, null, null, null, new UserPreSharedKey(null, null), null));
    assertThat(UserRules.check(seen(user, Optional.empty(), "", 0), KEYS).reason())
        .isEqualTo(Reason.USERNAME_TOO_LONG);
  }

  @Test
  void noneOfThemPrintsTheKey() {
    var found = new OwnPreSharedKey.Found(secret(OWN), "7");
    var seen = seen(owning(), Optional.of(found), OWN, 0);
    for (var value :
        java.util.List.of(
            found,
            seen,
            new KeyDecision.Own(key(OWN), "7"),
            new KeyDecision.Generated(key(OWN), 1),
            new KeyDecision.LastGood(key(OWN)),
            new UserDecision(
                seen, UserRules.check(seen, KEYS), new Password.None(), decide(seen)))) {
      assertThat(value.toString()).doesNotContain(OWN);
    }
  }

  /** It may be stolen. */
  @Test
  void oneThatIsToBeReplacedIsNotKeptWhateverElseIsWrong() {
    var refused = Verdict.no(Reason.INVALID_PASSWORD, "Its password is none.");
    assertThat(KeyDecision.decide(seen(generated(2), Optional.empty(), MADE, 1), refused))
        .isEqualTo(new KeyDecision.None());
    assertThat(KeyDecision.decide(seen(generated(1), Optional.empty(), MADE, 1), refused))
        .isEqualTo(new KeyDecision.LastGood(key(MADE)));
    assertThat(KeyDecision.decide(seen(owning(), Optional.empty(), OWN, 0), refused))
        .isEqualTo(new KeyDecision.LastGood(key(OWN)));
  }
}
