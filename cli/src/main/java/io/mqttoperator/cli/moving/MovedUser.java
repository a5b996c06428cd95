package io.mqttoperator.cli.moving;

import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.util.Optional;

/**
 * Somebody who may connect.
 *
 * @param name of the MqttUser
 * @param password by which it logs in; empty: by none
 * @param key likewise
 */
record MovedUser(
    String username,
    String name,
    Optional<Credential<PasswordHash>> password,
    Optional<Credential<PreSharedKey>> key) {

  /**
   * What is carried over of a credential.
   *
   * @param former as it was; empty where the operator is to make a new one
   */
  record Credential<T>(Optional<T> former) {}

  /** The hash of the password as it was. */
  Optional<PasswordHash> hash() {
    return password.flatMap(Credential::former);
  }

  /** The key as it was. */
  Optional<PreSharedKey> formerKey() {
    return key.flatMap(Credential::former);
  }

  /** The Secret with the hash. */
  String secret() {
    return name + "-password";
  }

  /** The Secret with the key. */
  String keySecret() {
    return name + "-key";
  }
}
