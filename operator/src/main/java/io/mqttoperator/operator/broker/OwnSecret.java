package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.PasswordFormat;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.OwnPassword.Found;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.PasswordFile;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.Username;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a user's own Secret holds: a password or its hash, and perhaps the username. Pure. */
final class OwnSecret {

  private static final String DEFAULT_KEY = "password";

  private OwnSecret() {}

  static OwnPassword read(Secret secret, PasswordSecretRef reference) {
    var stored = new StoredSecret(secret);
    var key = Optional.ofNullable(reference.key()).orElse(DEFAULT_KEY);
    var password = stored.bytes(key);
    if (password.isEmpty()) {
      return new OwnPassword.KeyMissing(key);
    }
    var usernameKey = Optional.ofNullable(reference.usernameKey());
    var username =
        usernameKey.flatMap(stored::bytes).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    if (usernameKey.isPresent() && username.isEmpty()) {
      return new OwnPassword.KeyMissing(usernameKey.get());
    }
    return new Found(
        new SecretBytes(password.get()),
        secret.getMetadata().getResourceVersion(),
        reference.format() != null && reference.format() != PasswordFormat.PLAIN,
        username);
  }

  /** The same, or that its hash would cost the broker more than {@code most} iterations. */
  static OwnPassword bounded(OwnPassword own, int most) {
    return own instanceof Found found && found.isHash()
        ? hash(found)
            .filter(hash -> hash.iterations() > most)
            .<OwnPassword>map(hash -> new OwnPassword.TooSlow(hash.iterations(), most))
            .orElse(own)
        : own;
  }

  /** Whether it is to be a hash, and is none that can be used. */
  static boolean isNoHash(OwnPassword own) {
    return own instanceof OwnPassword.TooSlow
        || (own instanceof Found found && found.isHash() && hash(found).isEmpty());
  }

  private static Optional<PasswordHash> hash(Found found) {
    try {
      return Optional.of(
          new PasswordHash(new String(found.bytes().toBytes(), StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException noHash) {
      return Optional.empty();
    }
  }

  /** The hash that pods have of a username. */
  static Optional<PasswordHash> stored(String username, List<Secret> shards) {
    if (shards.isEmpty() || Username.problem(username).isPresent()) {
      return Optional.empty();
    }
    var name = new Username(username);
    var index = AccessShards.indexOf(name, AccessFiles.count(shards));
    return new StoredSecret(shards.get(index))
        .bytes(RevisionFiles.passwordShard(index))
        .flatMap(content -> Optional.ofNullable(PasswordFile.parse(content).users().get(name)));
  }
}
