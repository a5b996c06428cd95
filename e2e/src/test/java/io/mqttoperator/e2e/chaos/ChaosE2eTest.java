package io.mqttoperator.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import io.mqttoperator.e2e.chaos.Ledger.Kill;
import io.mqttoperator.e2e.chaos.Ledger.Taken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
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

  @Test
  void aMessageThatNeverCameIsSeen() {
    var account = new Ledger(List.of()).compare(taken(5), List.of(0, 1, 3, 4));

    assertThat(account.lost()).containsExactly(2);
    assertThat(account.received()).isEqualTo(4);
  }

  @Test
  void aMessageThatWasTakenNearAKillIsCountedApart() {
    var kill = new Kill("Mosquitto killed", Duration.ofSeconds(1), Duration.ofSeconds(2));

    var account = new Ledger(List.of(kill)).compare(taken(5), List.of(0));

    assertThat(account.lostByKills()).containsOnly(java.util.Map.entry("Mosquitto killed", 2));
    assertThat(account.lost()).containsExactly(3, 4);
  }

  @Test
  void whatComesAgainIsNoLossAndNotOutOfOrder() {
    var account = new Ledger(List.of()).compare(taken(4), List.of(0, 1, 2, 1, 2, 3));

    assertThat(account.duplicates()).isEqualTo(2);
    assertThat(account.lost()).isEmpty();
    assertThat(account.misordered()).isEmpty();
  }

  @Test
  void whatFirstComesAfterALaterOneIsOutOfOrder() {
    var account = new Ledger(List.of()).compare(taken(4), List.of(0, 2, 1, 3));

    assertThat(account.misordered()).containsExactly(1);
  }

  /** One a second, from the first second on. */
  private static List<Taken> taken(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> new Taken(number, Duration.ofSeconds(number)))
        .toList();
  }
}
