package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.KeyDecision;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.security.SecureRandom;
import java.util.function.Supplier;

/** Makes the password and the pre-shared key that a decision asks for. */
public final class GeneratedCredentials {

  private GeneratedCredentials() {}

  static UserDecision of(UserDecision decided, SecureRandom random) {
    return of(decided, () -> Password.generate(random), () -> PreSharedKey.random(random));
  }

  /** Takes them from elsewhere; they are asked for only where they are missing. */
  public static UserDecision of(
      UserDecision decided, Supplier<SecretBytes> password, Supplier<PreSharedKey> key) {
    var decision =
        decided.password() instanceof Password.ToGenerate asked
            ? decided.with(new Password.Generated(password.get(), asked.generation()))
            : decided;
    return decision.key() instanceof KeyDecision.ToGenerate asked
        ? decision.with(new KeyDecision.Generated(key.get(), asked.generation()))
        : decision;
  }
}
