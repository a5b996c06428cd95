package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Algorithm and size of a key pair. */
public enum KeyAlgorithm {
  ECDSA_P256("EcdsaP256"),
  ECDSA_P384("EcdsaP384"),
  RSA_2048("Rsa2048"),
  RSA_3072("Rsa3072"),
  RSA_4096("Rsa4096"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  KeyAlgorithm(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static KeyAlgorithm of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
