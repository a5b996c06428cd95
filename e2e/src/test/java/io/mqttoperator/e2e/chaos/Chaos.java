package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Diagnosis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Runs chaos in a namespace of its own, which it removes. {@code e2e/chaos} runs it. */
public final class Chaos {

  private Chaos() {}

  /**
   * Arguments: minutes, seed, replicas, seconds of the autosave interval, messages a second of each
   * writer, whether the API server too, the folder e2e/cluster, that of its binaries, the
   * kubeconfig.
   */
  public static void main(String[] arguments) throws Exception {
    var settings =
        new Settings(
            Duration.ofMinutes(Long.parseLong(arguments[0])),
            Long.parseLong(arguments[1]),
            Integer.parseInt(arguments[2]),
            Duration.ofSeconds(Long.parseLong(arguments[3])),
            Integer.parseInt(arguments[4]),
            Boolean.parseBoolean(arguments[5]));
    var apiServer = new ApiServer(Path.of(arguments[6]), Path.of(arguments[7]));
    if (settings.withApiServer()) {
      // Else a run that is broken off leaves it paused.
      Runtime.getRuntime().addShutdownHook(new Thread(apiServer::goOn));
    }
    System.setProperty("e2e.kubeconfig", arguments[8]);
    var name = "mqtt-operator-chaos-%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    boolean holds;
    try (var cluster = Cluster.withNewNamespace(name)) {
      try {
        holds = ChaosRun.run(cluster, settings, apiServer, System.out).isEmpty();
        if (!holds) {
          System.out.println(Diagnosis.of(cluster, "chaos"));
        }
      } finally {
        cluster.deleteNamespace();
      }
    }
    System.exit(holds ? 0 : 1);
  }
}
