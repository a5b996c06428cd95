package io.mqttoperator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Manifests of {@code examples/}, which say {@code default} where a user puts the namespace. */
record Example(List<String> documents) {

  /** One that is applied to the namespace of the cluster. */
  static Example of(Cluster cluster, String file) {
    try {
      var yaml = Files.readString(Path.of("../examples", file));
      return new Example(
          Arrays.asList(
              yaml.replaceAll("(?<!kubernetes)\\.default\\b", "." + cluster.namespace())
                  .split("(?m)^---$", -1)));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Those documents in which {@code text} stands, or all others. */
  Example only(String text, boolean isWanted) {
    return new Example(
        documents.stream().filter(document -> document.contains(text) == isWanted).toList());
  }

  Example replace(String text, String by) {
    return new Example(documents.stream().map(document -> document.replace(text, by)).toList());
  }

  /** As a user does. */
  void apply(Cluster cluster) {
    cluster.kubectl().runWith(String.join("---", documents), "apply", "-f", "-").orFail();
  }
}
