package io.mqttoperator.operator.access;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

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

  /** Decides on a user's password; {@code accepted} is the verdict of {@link UserRules}. */
  static Password decide(UserObservation seen, Verdict accepted) {
    if (accepted.reason() == Reason.INVALID_PASSWORD) {
      return seen.current()
          .filter(Password::isUsable)
          .<Password>map(current -> new LastGood(current.bytes()))
          .orElseGet(None::new);
    }
    if (!accepted.isTrue()) {
      return new None();
    }
    if (seen.ownPassword().orElse(null) instanceof OwnPassword.Found found) {
      return new Own(found.bytes(), found.resourceVersion());
    }
    return seen.current()
        .filter(current -> current.generation() == seen.passwordGeneration())
        .filter(Password::isUsable)
        .<Password>map(current -> new Generated(current.bytes(), current.generation()))
        .orElseGet(() -> new ToGenerate(seen.passwordGeneration()));
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
