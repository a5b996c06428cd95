package io.mqttoperator.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** A username and its password. */
record Login(String username, String password) {

  /** From the keys of a user's Secret. */
  static Login of(Map<String, byte[]> secret) {
    return new Login(text(secret, "username"), text(secret, "password"));
  }

  private static String text(Map<String, byte[]> secret, String key) {
    return new String(
        Objects.requireNonNull(secret.get(key), () -> "the Secret has no key " + key),
        StandardCharsets.UTF_8);
  }

  Login withPassword(String other) {
    return new Login(username, other);
  }

  @Override
  public String toString() {
    return "Login[" + username + "]";
  }
}
