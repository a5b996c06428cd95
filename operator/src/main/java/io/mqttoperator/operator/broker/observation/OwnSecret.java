package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordFormat;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.AskedName;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.OwnPassword.Found;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.util.Objects;
import java.util.Optional;

/** What a user's own Secret holds: a password or its hash. Pure. */
public final class OwnSecret {

  private static final String DEFAULT_KEY = "password";

  private OwnSecret() {}

  public static OwnPassword read(Secret secret, PasswordSecretRef reference) {
    var stored = new StoredSecret(secret);
    var key = Optional.ofNullable(reference.key()).orElse(DEFAULT_KEY);
    var password = stored.bytes(key);
    if (password.isEmpty()) {
      return new OwnPassword.KeyMissing(key);
    }
    return new Found(
        new SecretBytes(password.get()),
        secret.getMetadata().getResourceVersion(),
        reference.format() != null && reference.format() != PasswordFormat.PLAIN);
  }

  /** The username that it says, where it is offered. */
  public static AskedName name(Secret secret, PasswordSecretRef reference) {
    var key = Objects.requireNonNull(reference.usernameKey());
    return new StoredSecret(secret)
        .bytes(key)
        .map(AskedName::of)
        .orElseGet(() -> new AskedName.KeyMissing(key));
  }

  /** The same, or that it would cost the broker more than {@code most} iterations. */
  public static OwnPassword bounded(OwnPassword own, MqttUser user, int most) {
    return own instanceof Found found
        ? iterations(found, user)
            .filter(iterations -> iterations > most)
            .<OwnPassword>map(
                iterations -> new OwnPassword.TooSlow(iterations, most, found.isHash()))
            .orElse(own)
        : own;
  }

  private static Optional<Integer> iterations(Found found, MqttUser user) {
    return found.isHash()
        ? hash(found).map(PasswordHash::iterations)
        : Optional.ofNullable(user.getSpec().password()).map(UserPassword::iterations);
  }

  private static Optional<PasswordHash> hash(Found found) {
    try {
      return Optional.of(Password.hash(found.bytes()));
    } catch (IllegalArgumentException noHash) {
      return Optional.empty();
    }
  }
}
