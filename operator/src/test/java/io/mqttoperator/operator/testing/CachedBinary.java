package io.mqttoperator.operator.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A tool that {@code verify} has built into its cache, or that a variable names (ZLINT). */
public final class CachedBinary {

  private CachedBinary() {}

  /** Its path; fails with how to get it. */
  public static Path find(String name) {
    var variable = name.toUpperCase(Locale.ROOT);
    var path =
        Optional.ofNullable(System.getenv(variable))
            .map(Path::of)
            .orElseGet(() -> cache().resolve("bin").resolve(name));
    if (!Files.isExecutable(path)) {
      throw new IllegalStateException(
          "no "
              + name
              + " in "
              + path
              + ": ./verify unit builds it; or name another with "
              + variable);
    }
    return path;
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("MQTT_OPERATOR_CACHE"))
        .map(Path::of)
        .orElseGet(
            () ->
                Path.of(
                    Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .orElseGet(() -> System.getProperty("user.home") + "/.cache"),
                    "mqtt-operator"));
  }
}
