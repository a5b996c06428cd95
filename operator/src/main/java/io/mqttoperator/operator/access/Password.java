package io.mqttoperator.operator.access;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Username;
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

  /** The hash of the user's own, whose password nobody here knows, at its Secret's version. */
  record OwnHash(PasswordHash hash, String resourceVersion) implements Password {}

  /** The last good hash of the user's own: the newest cannot be used. */
  record LastGoodHash(PasswordHash hash) implements Password {}

  /** The last good one of the user's own: the newest cannot be used. */
  record LastGood(SecretBytes bytes) implements Password {}

  /** A new one is to be generated. */
  record ToGenerate(int generation) implements Password {}

  /** None: the user is refused. */
  record None() implements Password {}

  /** What {@link #generate} makes. */
  Pattern GENERATED = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** Refusals that concern a Secret: who could log in before still can. */
  Set<Reason> KEEP_LAST_GOOD =
      EnumSet.of(Reason.INVALID_PASSWORD, Reason.INVALID_PRE_SHARED_KEY, Reason.NAME_TAKEN);

  /**
   * Decides on a user's password; {@code accepted} is the verdict of {@link UserRules}.
   *
   * @param stored what to fall back on where the user's own hash is not to be used
   */
  static Password decide(UserObservation seen, Verdict accepted, StoredHashes stored) {
    if (KEEP_LAST_GOOD.contains(accepted.reason())) {
      return lastGood(seen, stored);
    }
    if (!accepted.isTrue() || !CredentialKind.of(seen.user()).contains(CredentialKind.PASSWORD)) {
      return new None();
    }
    if (seen.ownPassword().orElse(null) instanceof OwnPassword.Found found) {
      return found.isHash()
          ? new OwnHash(hash(found.bytes()), found.resourceVersion())
          : new Own(found.bytes(), found.resourceVersion());
    }
    return seen.current()
        .filter(current -> current.generation() == seen.passwordGeneration())
        .filter(Password::isGenerated)
        .<Password>map(current -> new Generated(current.bytes(), current.generation()))
        .orElseGet(() -> new ToGenerate(seen.passwordGeneration()));
  }

  /** For a refusal that takes nothing from who could log in before; a new user has none. */
  static Password lastGood(UserObservation seen, StoredHashes stored) {
    if (!CredentialKind.of(seen.user()).contains(CredentialKind.PASSWORD)) {
      return new None();
    }
    // One that is to be replaced may be stolen, whatever else is wrong with the user.
    int least = seen.ownPassword().isPresent() ? 0 : seen.passwordGeneration();
    return seen.current()
        .filter(current -> current.generation() >= least)
        .filter(Password::isUsable)
        .<Password>map(current -> new LastGood(current.bytes()))
        .or(() -> storedHash(seen, stored).map(LastGoodHash::new))
        .orElseGet(None::new);
  }

  private static Optional<PasswordHash> storedHash(UserObservation seen, StoredHashes stored) {
    return seen.ownPassword().filter(OwnPassword::isToBeHash).isPresent()
            && Username.problem(seen.username()).isEmpty()
        ? stored.of(seen.username()).filter(hash -> hadName(seen) || isOwn(seen, hash))
        : Optional.empty();
  }

  /** Then it is this user's, whether its status says so yet or not. */
  private static boolean isOwn(UserObservation seen, PasswordHash hash) {
    var text = new SecretBytes(hash.value().getBytes(StandardCharsets.US_ASCII));
    return seen.ownPassword().orElse(null) instanceof OwnPassword.Found found
        && found.isHash()
        && found.bytes().equals(text);
  }

  /** Else the hash may be of somebody who had the name before. */
  private static boolean hadName(UserObservation seen) {
    var status = seen.user().getStatus();
    return status != null
        && (seen.username().equals(status.username())
            || seen.username().equals(status.pendingUsername()));
  }

  /**
   * Reads a hash.
   *
   * @throws IllegalArgumentException if it is none
   */
  static PasswordHash hash(SecretBytes bytes) {
    return new PasswordHash(new String(bytes.toBytes(), StandardCharsets.US_ASCII));
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

  /** Whether a client can log in with it. */
  default boolean isKnown() {
    return givenHash().isPresent() || secret().isPresent();
  }

  /** The hash, where there is no more than that. */
  default Optional<PasswordHash> givenHash() {
    return switch (this) {
      case OwnHash own -> Optional.of(own.hash());
      case LastGoodHash lastGood -> Optional.of(lastGood.hash());
      case Generated generated -> Optional.empty();
      case Own own -> Optional.empty();
      case LastGood lastGood -> Optional.empty();
      case ToGenerate toGenerate -> Optional.empty();
      case None none -> Optional.empty();
    };
  }

  /** The bytes, where there is a password. */
  default Optional<SecretBytes> secret() {
    return switch (this) {
      case OwnHash own -> Optional.empty();
      case LastGoodHash lastGood -> Optional.empty();
      case Generated generated -> Optional.of(generated.bytes());
      case Own own -> Optional.of(own.bytes());
      case LastGood lastGood -> Optional.of(lastGood.bytes());
      case ToGenerate toGenerate -> Optional.empty();
      case None none -> Optional.empty();
    };
  }
}
