package io.mqttoperator.operator.access;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which password a user has now: a decision, and the bytes if there are any. */
public sealed interface Password {

  /** A password of 256 random bits, made here: one hash iteration is enough for it. */
  record Generated(SecretBytes bytes, int generation) implements Password {}

  /** The user's own, of unknown strength, at its Secret's version. */
  record Own(SecretBytes bytes, String resourceVersion) implements Password {}

  /** The last good one of the user's own: the newest cannot be used. */
  record LastGood(SecretBytes bytes) implements Password {}

  /** A new one is to be generated. */
  record ToGenerate(int generation) implements Password {}

  /** None: the user is refused. */
  record None() implements Password {}

  /** What {@link #generate} makes. */
  Pattern GENERATED = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** Refusals that concern a Secret: who could log in before still can. */
  Set<Reason> KEEP_LAST_GOOD = EnumSet.of(Reason.INVALID_PASSWORD, Reason.NAME_TAKEN);

  /** Decides on a user's password; {@code accepted} is the verdict of {@link UserRules}. */
  static Password decide(UserObservation seen, Verdict accepted) {
    if (KEEP_LAST_GOOD.contains(accepted.reason())) {
      return lastGood(seen);
    }
    if (!accepted.isTrue()) {
      return new None();
    }
    if (seen.ownPassword().orElse(null) instanceof OwnPassword.Found found) {
      return new Own(found.bytes(), found.resourceVersion());
    }
    return seen.current()
        .filter(current -> current.generation() == seen.passwordGeneration())
        .filter(Password::isGenerated)
        .<Password>map(current -> new Generated(current.bytes(), current.generation()))
        .orElseGet(() -> new ToGenerate(seen.passwordGeneration()));
  }

  /** For a refusal that takes nothing from who could log in before; a new user has none. */
  static Password lastGood(UserObservation seen) {
    return seen.current()
        .filter(Password::isUsable)
        .<Password>map(current -> new LastGood(current.bytes()))
        .orElseGet(None::new);
  }

  /** 256 random bits in 43 characters that need no quoting anywhere. */
  static SecretBytes generate(SecureRandom random) {
    var bits = new byte[32];
    random.nextBytes(bits);
    return new SecretBytes(
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(bits)
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** One that somebody else wrote into our Secret may be weak: it is replaced. */
  private static boolean isGenerated(UserObservation.WrittenPassword written) {
    return GENERATED
        .matcher(new String(written.bytes().toBytes(), StandardCharsets.UTF_8))
        .matches();
  }

  /** Whoever edits the Secret that we wrote must not bring what would stop the whole broker. */
  private static boolean isUsable(UserObservation.WrittenPassword written) {
    return PasswordHash.passwordProblem(written.bytes().toBytes()).isEmpty();
  }

  /** The bytes, where there is a password. */
  default Optional<SecretBytes> secret() {
    return switch (this) {
      case Generated generated -> Optional.of(generated.bytes());
      case Own own -> Optional.of(own.bytes());
      case LastGood lastGood -> Optional.of(lastGood.bytes());
      case ToGenerate toGenerate -> Optional.empty();
      case None none -> Optional.empty();
    };
  }
}
