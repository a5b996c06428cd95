package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README tells a new user to type works as it stands there. */
@OnCluster
final class ReadmeE2eTest {

  private final DocumentedCommands readme;

  ReadmeE2eTest(Cluster cluster) throws IOException {
    this.readme = DocumentedCommands.of(cluster, "README.md");
  }

  @Test
  void itsFirstBrokerTakesADevice() throws IOException {
    run(readme.under("## A first broker"));
    var device = readme.under("## Connect a device");
    var publish = device.substring(device.indexOf("kubectl exec"));

    assertThat(run(device)).as("the broker's answer").containsPattern("PUBACK .*RC:(0|16)\\)");
    assertThat(run(publish.replace("sensors/sensor-1/", "sensors/sensor-2/")))
        .containsPattern("PUBACK .*RC:135\\)");
  }

  private String run(String commands) throws IOException {
    return readme.run(commands, Path.of(".."));
  }
}
