package io.mqttoperator.operator.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The script that is PID 1 of a broker pod. */
final class Supervisor {

  static final String FILE = "supervisor.sh";

  private Supervisor() {}

  static String script() {
    try (var resource = Supervisor.class.getResourceAsStream(FILE)) {
      return new String(
          Objects.requireNonNull(resource, FILE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
