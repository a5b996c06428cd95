package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StartTurnsTest {
  private static final StartDigest A = new StartDigest("a".repeat(32));
  private static final StartDigest B = new StartDigest("b".repeat(32));
  private static final Revision REVISION = Revision.of(new TreeMap<>(Map.of("a", utf8("x"))));

  private final StartTurns turns = new StartTurns(new TreeMap<>(Map.of(2, B, 0, A, 1, A)));

  @Test
  void whoWaitsIsBelowTheRevision() {
    assertThat(text(turns.render(REVISION)))
        .isEqualTo(
            REVISION.hex()
                + """

                0 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                2 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
                """);
    assertThat(text(StartTurns.NONE.render(REVISION))).isEqualTo(REVISION.hex() + "\n");
  }

  @Test
  void itIsReadBack() {
    assertThat(StartTurns.parse(turns.render(REVISION))).isEqualTo(turns);
    assertThat(StartTurns.revision(turns.render(REVISION))).isEqualTo(REVISION.hex());
    assertThat(StartTurns.parse(utf8(REVISION.hex() + "\n0 x\nnonsense\n")))
        .isEqualTo(StartTurns.NONE);
    assertThat(StartTurns.revision(utf8(""))).isEmpty();
  }

  @Test
  void theHubIsTheLast() {
    assertThat(turns.next()).isEqualTo(2);
    assertThat(turns.without(2).next()).isEqualTo(1);
    assertThat(turns.without(2).without(1).next()).isZero();
    assertThat(turns.without(2).without(1).without(0)).isEqualTo(StartTurns.NONE);
    assertThat(StartTurns.NONE.next()).isNegative();
  }
}
