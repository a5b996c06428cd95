package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mosquitto.Username;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Hashes that were computed before, for one broker: a pass hashes only what changed. Held in memory
 * alone; what is compared is the password itself, in constant time.
 */
final class PasswordHashes {

  private record Known(byte[] password, byte[] salt, int iterations, PasswordHash hash) {
    @Override
    public String toString() {
      return "Known[iterations=" + iterations + "]";
    }
  }

  private final Map<Username, Known> known = new HashMap<>();

  synchronized PasswordHash of(Username name, byte[] password, SaltKey salts, int iterations) {
    var before = known.get(name);
    var salt = salts.saltFor(name);
    if (before != null
        && before.iterations() == iterations
        && Arrays.equals(before.salt(), salt)
        && MessageDigest.isEqual(before.password(), password)) {
      return before.hash();
    }
    var hash = PasswordHash.pbkdf2(password, salt, iterations);
    known.put(name, new Known(password.clone(), salt, iterations, hash));
    return hash;
  }
}
