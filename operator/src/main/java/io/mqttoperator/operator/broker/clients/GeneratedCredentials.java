package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.ClientKey;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.security.SecureRandom;

/** Makes the password and the pre-shared key that a decision asks for. */
final class GeneratedCredentials {

  private GeneratedCredentials() {}

  static UserDecision of(UserDecision decided, SecureRandom random) {
    var decision =
        decided.password() instanceof Password.ToGenerate asked
            ? decided.with(new Password.Generated(Password.generate(random), asked.generation()))
            : decided;
    return decision.key() instanceof ClientKey.ToGenerate asked
        ? decision.with(new ClientKey.Generated(PreSharedKey.random(random), asked.generation()))
        : decision;
  }
}
