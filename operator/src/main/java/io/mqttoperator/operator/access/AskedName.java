package io.mqttoperator.operator.access;

import io.mqttoperator.operator.mosquitto.Username;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The username that a user's own Secret says, under {@code password.secretRef.usernameKey}. */
public sealed interface AskedName {

  /** A name in the form of one; whether it is free, and this user's to take, is another matter. */
  record Given(String value) implements AskedName {

    /** What stands under a wrong key may look like a name. */
    @Override
    public String toString() {
      return "Given[***]";
    }
  }

  /**
   * No name. What stands there is told to nobody: it may be another secret.
   *
   * @param problem as a sentence
   */
  record Unusable(String problem) implements AskedName {}

  /** The Secret has no such key. */
  record KeyMissing(String key) implements AskedName {}

  /** The Secret cannot be read, or is not: what is said of its password tells why. */
  record Unknown() implements AskedName {}

  /** What bytes under the key say. */
  static AskedName of(byte[] bytes) {
    try {
      var name = StandardCharsets.US_ASCII.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Username.problem(name).<AskedName>map(Unusable::new).orElseGet(() -> new Given(name));
    } catch (CharacterCodingException notAscii) {
      return new Unusable(Username.FORM);
    }
  }

  /** The name, where it has the form of one. */
  default Optional<String> name() {
    return this instanceof Given given ? Optional.of(given.value()) : Optional.empty();
  }
}
