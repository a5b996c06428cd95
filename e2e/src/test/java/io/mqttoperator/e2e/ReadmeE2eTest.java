package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README tells a new user to type works as it stands there. */
@OnCluster
final class ReadmeE2eTest {

  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

  private final Cluster cluster;

  ReadmeE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void itsFirstBrokerTakesADevice() throws IOException {
    var readme = Files.readString(Path.of("../README.md"));
    run(section(readme, "A first broker"));
    var device = section(readme, "Connect a device");
    var publish = device.substring(device.indexOf("kubectl exec"));

    assertThat(run(device)).as("the broker's answer").containsPattern("PUBACK .*RC:(0|16)\\)");
    assertThat(run(publish.replace("sensors/sensor-1/", "sensors/sensor-2/")))
        .containsPattern("PUBACK .*RC:135\\)");
  }

  private static String section(String readme, String title) {
    var start = readme.indexOf("\n## " + title + "\n");
    assertThat(start).as("the section %s", title).isPositive();
    var commands = COMMANDS.matcher(readme.substring(start));
    assertThat(commands.find()).isTrue();
    return commands.group(1);
  }

  /** In a shell whose kubectl works in this test's namespace. */
  private String run(String commands) throws IOException {
    var kubeconfig = Files.createTempFile("e2e-readme", ".kubeconfig");
    try {
      Files.writeString(kubeconfig, Files.readString(cluster.kubeconfig()));
      var inNamespace =
          "kubectl config set-context --current --namespace=%s >/dev/null\n"
              .formatted(cluster.namespace());
      return Kubectl.run(
              kubeconfig, List.of("bash", "-euo", "pipefail", "-c", inNamespace + commands), "")
          .orFail();
    } finally {
      Files.delete(kubeconfig);
    }
  }
}
