package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.ExistingPasswords;
import io.mqttoperator.cli.existing.Place;
import io.mqttoperator.cli.moving.MovedUser.Credential;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes over the lines of a password file, and says which it does not. */
final class UserMove {

  private static final Pattern PBKDF2 = Pattern.compile("\\$7\\$([0-9]+)\\$[^$]+\\$[^$]+");
  private static final String ANEW = "Set the password anew: mosquitto_passwd -H sha512-pbkdf2";
  private static final String GENERATED = "or import with --new-passwords";

  private UserMove() {}

  /**
   * Makes them, in the order of the file.
   *
   * @param newPasswords whether a user whose hash cannot be taken gets a generated password
   */
  static Map<String, Credential<PasswordHash>> of(
      ExistingPasswords passwords, boolean newPasswords, LeftOvers left) {
    var accepted = new LinkedHashMap<String, Credential<PasswordHash>>();
    passwords
        .users()
        .forEach(
            (user, entry) ->
                take(user, entry, newPasswords, left)
                    .ifPresent(password -> accepted.put(user, password)));
    passwords
        .repeated()
        .forEach(
            line ->
                left.leaveOut(
                    line.place(),
                    "user " + line.user(),
                    "it stands again further down: the last line is carried over, as Mosquitto 2.0"
                        + " reads it (2.1 does not start)",
                    ""));
    passwords
        .ignored()
        .forEach(place -> left.needNot(place, "a line without a colon", "Mosquitto ignores it"));
    return accepted;
  }

  /** Whether somebody can be called so; else that is said. */
  static boolean isNamed(String user, Place place, LeftOvers left) {
    if (user.isEmpty()) {
      left.leaveOut(place, "a user without a name", "Mosquitto 2.1 refuses the file", "");
      return false;
    }
    if (Username.problem(user).isPresent()) {
      left.leaveOut(
          place,
          "user " + user,
          "a username is 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_', '@' and '-'",
          "Make an MqttUser of another name, and have the client use that");
      return false;
    }
    return true;
  }

  private static Optional<Credential<PasswordHash>> take(
      String user, ExistingPasswords.Entry entry, boolean newPasswords, LeftOvers left) {
    if (!isNamed(user, entry.place(), left)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Credential<>(Optional.of(new PasswordHash(entry.text()))));
    } catch (IllegalArgumentException other) {
      return withoutHash(user, entry, newPasswords, left);
    }
  }

  private static Optional<Credential<PasswordHash>> withoutHash(
      String user, ExistingPasswords.Entry entry, boolean newPasswords, LeftOvers left) {
    var why = problem(entry.text());
    if (newPasswords) {
      left.change(
          entry.place(),
          "user " + user,
          why + ": a new password is generated",
          "Hand it out: it will be in the Secret that the operator writes for the MqttUser");
      return Optional.of(new Credential<>(Optional.empty()));
    }
    left.leaveOut(entry.place(), "user " + user, why, ANEW + ", " + GENERATED);
    return Optional.empty();
  }

  /** What is there in place of a hash that can be taken; of the hash itself nothing is said. */
  private static String problem(String hash) {
    if (hash.startsWith("$6$")) {
      return "its password is hashed by one round of SHA-512 ($6$), and only PBKDF2 ($7$) is taken";
    }
    if (hash.startsWith("$argon2")) {
      return "its password is hashed by Argon2, and only PBKDF2 ($7$) is taken";
    }
    var pbkdf2 = PBKDF2.matcher(hash);
    if (pbkdf2.matches()) {
      return "its hash has %s iterations or another length than Mosquitto's, and 1 to %d are taken"
          .formatted(pbkdf2.group(1), PasswordHash.MAX_ITERATIONS);
    }
    return hash.isEmpty()
        ? "it has no password"
        : "what stands in place of its hash is none ($7$…), and Mosquitto lets nobody in with it";
  }
}
