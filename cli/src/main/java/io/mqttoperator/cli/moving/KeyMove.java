package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.ExistingPasswords;
import io.mqttoperator.cli.moving.MovedUser.Credential;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import io.mqttoperator.operator.pki.CommonName;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes over the lines of a file of pre-shared keys, which is read as one of passwords is, and says
 * which it does not. Of a key itself nothing is said.
 */
final class KeyMove {

  private static final String ANEW =
      "Give the device a random key of 32 hex digits or more, or import with --new-passwords";

  private KeyMove() {}

  /**
   * Takes them, in the order of the file.
   *
   * @param newKeys whether a user whose key cannot be taken gets a generated one
   */
  static Map<String, Credential<PreSharedKey>> of(
      ExistingPasswords keys, boolean newKeys, LeftOvers left) {
    var accepted = new LinkedHashMap<String, Credential<PreSharedKey>>();
    keys.users()
        .forEach(
            (user, entry) ->
                take(user, entry, newKeys, left).ifPresent(key -> accepted.put(user, key)));
    keys.repeated()
        .forEach(
            line ->
                left.leaveOut(
                    line.place(),
                    "the key of user " + line.user(),
                    "it stands again further down: the last line is carried over",
                    ""));
    keys.ignored()
        .forEach(place -> left.needNot(place, "a line without a colon", "Mosquitto ignores it"));
    return accepted;
  }

  private static Optional<Credential<PreSharedKey>> take(
      String user, ExistingPasswords.Entry entry, boolean newKeys, LeftOvers left) {
    if (!UserMove.isNamed(user, entry.place(), left)) {
      return Optional.empty();
    }
    var what = "the key of user " + user;
    if (user.length() > CommonName.MAX_LENGTH) {
      left.leaveOut(
          entry.place(),
          what,
          "the username of a user with a key has %d characters at most"
              .formatted(CommonName.MAX_LENGTH),
          "Make an MqttUser of another name, and have the client use that");
      return Optional.empty();
    }
    var hex = entry.text().getBytes(StandardCharsets.UTF_8);
    var problem = PreSharedKey.problem(hex);
    if (problem.isEmpty()) {
      return Optional.of(new Credential<>(Optional.of(PreSharedKey.parse(hex))));
    }
    if (newKeys) {
      left.change(
          entry.place(),
          what,
          problem.get() + ": a new key is generated",
          "Hand it out: it will be in the Secret that the operator writes for the MqttUser");
      return Optional.of(new Credential<>(Optional.empty()));
    }
    left.leaveOut(entry.place(), what, problem.get(), ANEW);
    return Optional.empty();
  }
}
