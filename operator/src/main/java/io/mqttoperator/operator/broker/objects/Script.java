package io.mqttoperator.operator.broker.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A script that is PID 1 of a container, as it is in the operator's own files. */
final class Script {

  private Script() {}

  static String read(String file) {
    try (var resource = Script.class.getResourceAsStream(file)) {
      return new String(
          Objects.requireNonNull(resource, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
