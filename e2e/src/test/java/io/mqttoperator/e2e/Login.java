package io.mqttoperator.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A username and, where the client sends one, its password. */
public record Login(String username, Optional<String> password) {

  Login(String username, String password) {
    this(username, Optional.of(password));
  }

  /** From the keys of a user's Secret. */
  static Login of(Map<String, byte[]> secret) {
    return new Login(text(secret, "username"), text(secret, "password"));
  }

  public static String text(Map<String, byte[]> secret, String key) {
    return new String(
        Objects.requireNonNull(secret.get(key), () -> "the Secret has no key " + key),
        StandardCharsets.UTF_8);
  }

  Login withPassword(String other) {
    return new Login(username, other);
  }

  Login withoutPassword() {
    return new Login(username, Optional.empty());
  }

  @Override
  public String toString() {
    return "Login[" + username + "]";
  }
}
