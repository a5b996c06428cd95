package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Commands of a page for users, as they stand there. */
record DocumentedCommands(Cluster cluster, String page) {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

  /** Those of a page of this repository. */
  static DocumentedCommands of(Cluster cluster, String page) throws IOException {
    return new DocumentedCommands(cluster, Files.readString(Path.of("..", page)));
  }

  /** The first block under a heading, which is given with its signs: {@code ## Back up}. */
  String under(String heading) {
    var start = page.indexOf("\n" + heading + "\n");
    assertThat(start).as("the heading %s", heading).isPositive();
    var commands = BLOCK.matcher(page.substring(start));
    assertThat(commands.find()).isTrue();
    return commands.group(1);
  }

  /** In a shell in {@code folder} whose kubectl works in this test's namespace. */
  String run(String commands, Path folder) throws IOException {
    var kubeconfig = Files.createTempFile("e2e-documented", ".kubeconfig");
    try {
      Files.writeString(kubeconfig, Files.readString(cluster.kubeconfig()));
      var prepared =
          "cd '%s'\nkubectl config set-context --current --namespace=%s >/dev/null\n"
              .formatted(folder.toAbsolutePath(), cluster.namespace());
      return Kubectl.run(
              kubeconfig, List.of("bash", "-euo", "pipefail", "-c", prepared + commands), "")
          .orFail();
    } finally {
      Files.delete(kubeconfig);
    }
  }
}
