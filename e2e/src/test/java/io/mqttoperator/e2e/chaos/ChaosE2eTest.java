package io.mqttoperator.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two minutes of {@code e2e/chaos}, of a seed that {@code -De2e.chaos.seed} changes. The operator
 * is killed, too: no other test may run meanwhile.
 */
@OnCluster
@Isolated
final class ChaosE2eTest {

  private static final Duration LENGTH = Duration.ofMinutes(2);
  private static final long SEED = Long.getLong("e2e.chaos.seed", 1);

  private final Cluster cluster;

  ChaosE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void thePromiseHolds() throws Exception {
    // It is not asked to stop the API server.
    var apiServer = new ApiServer(Path.of("/"), Path.of("/"));

    var violations = ChaosRun.run(cluster, Settings.of(LENGTH, SEED), apiServer, System.out);

    assertThat(violations).as("violations with -De2e.chaos.seed=" + SEED).isEmpty();
  }
}
