package io.mqttoperator.cli.existing;

import java.nio.file.Path;
import java.util.Optional;

/** Where the files are that {@code mosquitto.conf} names. */
public final class ExistingPaths {

  private ExistingPaths() {}

  /**
   * The path in an option's value.
   *
   * @param root before an absolute one
   */
  public static Path resolve(ExistingOption option, Optional<Path> root) {
    return resolve(option.text(), option.place(), root);
  }

  private static Path resolve(String text, Place place, Optional<Path> root) {
    var path = Path.of(text);
    if (path.isAbsolute()) {
      return root.map(folder -> folder.resolve(path.getRoot().relativize(path))).orElse(path);
    }
    // Mosquitto looks in the folder that it was started in; who says nothing means this one.
    return Path.of(place.file()).resolveSibling(path);
  }

  /** That a path leads nowhere, and how to say where the file is. */
  public static IllegalArgumentException missing(ExistingOption option, Path path) {
    return new IllegalArgumentException(
        "%s: %s names %s, which is not there. Name the file by an option, or with --root the folder"
                .formatted(option.place(), option.name(), path)
            + " below which the files of that machine are.");
  }
}
