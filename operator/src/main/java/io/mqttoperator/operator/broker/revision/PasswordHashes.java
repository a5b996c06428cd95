package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Hashes that were computed before, for one broker: a pass hashes only what changed. Held in memory
 * alone; what is compared is the password itself, in constant time.
 */
final class PasswordHashes {

  private record Known(SecretBytes password, SecretBytes salt, int iterations, PasswordHash hash) {}

  private final Map<Username, Known> known = new HashMap<>();

  synchronized PasswordHash of(Username name, SecretBytes password, SaltKey salts, int iterations) {
    var before = known.get(name);
    var salt = new SecretBytes(salts.saltFor(name));
    if (before != null
        && before.iterations() == iterations
        && before.salt().equals(salt)
        && before.password().equals(password)) {
      return before.hash();
    }
    var hash = PasswordHash.pbkdf2(password.toBytes(), salt.toBytes(), iterations);
    known.put(name, new Known(password, salt, iterations, hash));
    return hash;
  }

  /** Forgets the others: they may no longer log in. */
  synchronized void keepOnly(Set<Username> names) {
    known.keySet().retainAll(names);
  }

  synchronized int size() {
    return known.size();
  }
}
