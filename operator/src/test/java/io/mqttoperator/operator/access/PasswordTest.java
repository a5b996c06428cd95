package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.secret;
import static io.mqttoperator.operator.access.Samples.seen;
import static io.mqttoperator.operator.access.Samples.user;
import static io.mqttoperator.operator.access.Samples.withOwnPassword;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PasswordTest {

  private static final String HASH =
      PasswordHash.pbkdf2("swordfish".getBytes(StandardCharsets.UTF_8), new byte[12], 1000).value();

  @Test
  void aNewUserIsToHaveOneGenerated() {
    var seen =
        new UserObservation(
            user("alice"),
            user("alice"),
            new Standing.Member(),
            Optional.empty(),
            Optional.empty());
    assertThat(decide(seen)).isEqualTo(new Password.ToGenerate(1));
    assertThat(decide(seen).secret()).isEmpty();
  }

  @Test
  void aGeneratedOneIsKept() {
    assertThat(decide(seen(user("alice")))).isEqualTo(new Password.Generated(Samples.GENERATED, 1));
  }

  /** It would be hashed as if it had 256 random bits. */
  @Test
  void oneThatSomebodyWroteIntoOurSecretIsReplaced() {
    for (var edited : List.of("trout", "x".repeat(42), "x".repeat(42) + "!", "x".repeat(44))) {
      var seen =
          new UserObservation(
              user("alice"),
              user("alice"),
              new Standing.Member(),
              Optional.empty(),
              Optional.of(new UserObservation.WrittenPassword(secret(edited), 1)));
      assertThat(decide(seen)).as(edited).isEqualTo(new Password.ToGenerate(1));
    }
  }

  /** A Secret that cannot be written throws nobody out. */
  @Test
  void aRefusedNameOfTheSecretKeepsTheLastGoodOne() {
    var taken = Verdict.no(Reason.NAME_TAKEN, "taken");
    assertThat(Password.decide(seen(user("alice")), taken, StoredHashes.NONE))
        .isEqualTo(new Password.LastGood(Samples.GENERATED));
  }

  @Test
  void aRaisedGenerationMakesAnother() {
    assertThat(decide(seen(withGeneration(2)))).isEqualTo(new Password.ToGenerate(2));
  }

  @Test
  void anOwnOneIsTakenAsItIs() {
    assertThat(decide(seen(withOwnPassword("alice"), found("swordfish"))))
        .isEqualTo(new Password.Own(secret("swordfish"), "7"));
  }

  @Test
  void anInvalidOwnOneKeepsTheLastGoodOne() {
    assertThat(decide(seen(withOwnPassword("alice"), found("swordfish\n"))))
        .isEqualTo(new Password.LastGood(secret("good-before")));
    var never =
        new UserObservation(
            withOwnPassword("alice"),
            withOwnPassword("alice"),
            new Standing.Member(),
            Optional.of(found("swordfish\n")),
            Optional.empty());
    assertThat(decide(never)).as("there was none").isEqualTo(new Password.None());
  }

  @Test
  void anOwnOneThatWentAwayLeavesNone() {
    assertThat(decide(seen(withOwnPassword("alice"), new OwnPassword.Absent())))
        .isEqualTo(new Password.None());
    assertThat(decide(seen(withOwnPassword("alice"), new OwnPassword.NotOffered())))
        .isEqualTo(new Password.None());
    assertThat(decide(seen(withOwnPassword("alice"), new OwnPassword.KeyMissing("password"))))
        .isEqualTo(new Password.None());
  }

  /** The Secret that we wrote still holds it, but under no generation. */
  @Test
  void anOwnOneIsNotTakenForAGeneratedOneOnceItIsNoLongerAskedFor() {
    var before = seen(withOwnPassword("alice"), found("swordfish"));
    var after =
        new UserObservation(
            user("alice"),
            user("alice"),
            new Standing.Member(),
            Optional.empty(),
            before.current());
    assertThat(decide(after)).isEqualTo(new Password.ToGenerate(1));
  }

  @Test
  void aHashIsTakenAsItIs() {
    var own = hash(HASH);
    assertThat(decide(seen(withOwnPassword("alice"), own)))
        .isEqualTo(new Password.OwnHash(new PasswordHash(HASH), "7"));
    assertThat(Samples.decided(seen(withOwnPassword("alice"), own)).mayLogIn()).isTrue();
  }

  @Test
  void aHashThatIsNoneKeepsTheOneThatPodsHave() {
    for (var bad : List.of("", "swordfish", HASH + "\n", HASH.replace("$1000$", "$10001$"))) {
      var alice = withOwnPassword("alice");
      var never =
          new UserObservation(
              alice, alice, new Standing.Member(), Optional.of(hash(bad)), Optional.empty());
      assertThat(decide(never)).as(bad).isEqualTo(new Password.None());
      alice.setStatus(new MqttUserStatus(1L, null, "alice", null, null));
      StoredHashes stored =
          username ->
              username.equals("alice") ? Optional.of(new PasswordHash(HASH)) : Optional.empty();
      var accepted = UserRules.check(never, Samples.PASSWORDS);
      assertThat(Password.decide(never, accepted, stored))
          .as(bad)
          .isEqualTo(new Password.LastGoodHash(new PasswordHash(HASH)));
      assertThat(accepted.reason()).isEqualTo(Reason.INVALID_PASSWORD);
    }
  }

  /** Its status may not be written yet, or lost, as where resources are restored. */
  @Test
  void aHashThatPodsHaveIsNotTakenAwayWhereTheStatusDoesNotSayTheName() {
    var alice = withOwnPassword("alice");
    var seen =
        new UserObservation(
            alice, alice, new Standing.Member(), Optional.of(hash(HASH)), Optional.empty());
    var taken = Verdict.no(Reason.NAME_TAKEN, "Taken.");
    StoredHashes same = username -> Optional.of(new PasswordHash(HASH));
    assertThat(Password.decide(seen, taken, same))
        .isEqualTo(new Password.LastGoodHash(new PasswordHash(HASH)));
    var others = PasswordHash.pbkdf2("another".getBytes(StandardCharsets.UTF_8), new byte[12], 1);
    assertThat(Password.decide(seen, taken, username -> Optional.of(others)))
        .as("it may be of somebody who had the name before")
        .isEqualTo(new Password.None());
    assertThat(Password.decide(seen, taken, StoredHashes.NONE)).isEqualTo(new Password.None());
  }

  @Test
  void anOwnPasswordIsHashedAsOftenAsItsUserSays() {
    assertThat(seen(withOwnPassword("alice")).passwordIterations(1000)).isEqualTo(1000);
    assertThat(iterations(null, 5000)).isEqualTo(5000);
    assertThat(iterations(null, 20)).isEqualTo(20);
    assertThat(iterations(null, 1_000_000)).as("a newer schema").isEqualTo(10_000);
    assertThat(iterations(null, -1)).isEqualTo(1);
    assertThat(iterations("other", 20)).isEqualTo(20);
    assertThat(iterations("other", 5000)).as("more than the broker's owner says").isEqualTo(1000);
  }

  /** Of a user whose broker is in this namespace, and says 1000. */
  private static int iterations(@Nullable String brokers, int asked) {
    var password = new UserPassword(new PasswordSecretRef("own", null, null), null, asked);
    var spec = new MqttUserSpec(new BrokerRef("fleet", brokers), null, null, password, null);
    return seen(user("alice", spec)).passwordIterations(1000);
  }

  @Test
  void aTenantsUserThatAsksForTooManyIterationsKeepsItsLastGoodPassword() {
    var slow = new OwnPassword.TooSlow(5000, 1000, false);
    var seen = seen(withOwnPassword("alice"), slow);
    var accepted = UserRules.check(seen, Samples.PASSWORDS);
    assertThat(accepted.reason()).isEqualTo(Reason.INVALID_PASSWORD);
    assertThat(accepted.message()).contains("spec.password.iterations").contains("5000", "1000");
    assertThat(Password.decide(seen, accepted, any -> Optional.of(new PasswordHash(HASH))))
        .isEqualTo(new Password.LastGood(secret("good-before")));
  }

  private static OwnPassword.Found hash(String text) {
    return new OwnPassword.Found(secret(text), "7", true);
  }

  @Test
  void hasTwoHundredAndFiftySixBitsThatNeedNoQuoting() {
    var random = new SecureRandom();
    var one = Password.generate(random);
    assertThat(new String(one.toBytes(), StandardCharsets.US_ASCII)).matches("[A-Za-z0-9_-]{43}");
    assertThat(Password.generate(random)).isNotEqualTo(one);
  }

  private static Password decide(UserObservation seen) {
    return Samples.decided(seen).password();
  }

  private static OwnPassword found(String password) {
    return new OwnPassword.Found(secret(password), "7");
  }

  private static MqttUser withGeneration(int generation) {
    var password = new UserPassword(null, generation);
    return user("alice", new MqttUserSpec(Samples.FLEET, null, null, password, null));
  }
}
