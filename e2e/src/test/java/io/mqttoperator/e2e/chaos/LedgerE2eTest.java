package io.mqttoperator.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.chaos.Ledger.Outage;
import io.mqttoperator.e2e.chaos.Ledger.Taken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What chaos would miss, no run of it could find. */
final class LedgerE2eTest {

  @Test
  void aMessageThatNeverCameIsSeen() {
    var account = new Ledger(List.of()).compare(taken(5), List.of(0, 1, 3, 4));

    assertThat(account.lost()).containsExactly(2);
    assertThat(account.received()).isEqualTo(4);
  }

  @Test
  void aMessageThatWasTakenNearAKillIsCountedApart() {
    var kill = new Outage("Mosquitto killed", true, Duration.ofSeconds(1), Duration.ofSeconds(2));

    var account = new Ledger(List.of(kill)).compare(taken(5), List.of(0));

    assertThat(account.lostByKills()).containsOnly(Map.entry("Mosquitto killed", 2));
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

  @Test
  void anOutageInOrderLosesNothing() {
    var outage = new Outage("pod deleted", false, Duration.ZERO, Duration.ofSeconds(9));

    var account = new Ledger(List.of(outage)).compare(taken(4), List.of(0, 2, 1));

    assertThat(account.lost()).containsExactly(3);
    assertThat(account.misordered()).isEmpty();
    assertThat(account.misorderedByOutages()).isEqualTo(1);
  }

  /** One a second, from the first second on. */
  private static List<Taken> taken(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> new Taken(number, Duration.ofSeconds(number)))
        .toList();
  }
}
