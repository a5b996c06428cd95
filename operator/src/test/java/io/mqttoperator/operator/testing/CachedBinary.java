package io.mqttoperator.operator.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A tool that {@code verify} has built into its cache, or that a variable names (ZLINT). */
public final class CachedBinary {

  private CachedBinary() {}

  /** Its path; fails with how to get it. */
  public static Path find(String name) {
    var variable = name.toUpperCase(Locale.ROOT);
    return candidates(name, variable)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no %s in %s nor on the PATH: ./verify unit gets it; or name another with %s"
                        .formatted(name, cache().resolve("bin"), variable)));
  }

  /** In the order of helm/cached-binary. As root through sudo, only the PATH leads to the cache. */
  private static Stream<Path> candidates(String name, String variable) {
    return Stream.concat(
        Stream.concat(
            Stream.ofNullable(System.getenv(variable)).map(Path::of),
            Stream.of(cache().resolve("bin").resolve(name))),
        Pattern.compile(File.pathSeparator)
            .splitAsStream(Objects.requireNonNullElse(System.getenv("PATH"), ""))
            .map(folder -> Path.of(folder, name)));
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
