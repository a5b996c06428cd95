package io.mqttoperator.e2e.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of {@code examples/gitops}, as a team that copies them would change them: its
 * repository and its namespaces. Flux looks every few seconds, so that a test need not wait.
 */
record Example(String url, String namespace) {

  private static final Path FOLDER = Path.of("../examples/gitops");

  Map<String, String> files() {
    var files = new TreeMap<String, String>();
    try (var paths = Files.walk(FOLDER)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        files.put(FOLDER.relativize(path).toString(), adapted(Files.readString(path)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private String adapted(String text) {
    return text.replace("https://git.example.com/platform/mqtt.git", url)
        .replaceAll("(?m)^( *)namespace: (mqtt|flux-system|argocd)$", "$1namespace: " + namespace)
        .replaceAll("(?m)^  interval: .*", "  interval: 5s")
        .replaceAll("(?m)^  retryInterval: .*", "  retryInterval: 5s");
  }
}
