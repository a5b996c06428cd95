package io.mqttoperator.cli.moving;

import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.util.Optional;

/**
 * Somebody who may connect.
 *
 * @param name of the MqttUser
 * @param password as it was; empty where the operator is to make a new one
 */
record MovedUser(String username, String name, Optional<PasswordHash> password) {

  /** The Secret with the hash. */
  String secret() {
    return name + "-password";
  }
}
