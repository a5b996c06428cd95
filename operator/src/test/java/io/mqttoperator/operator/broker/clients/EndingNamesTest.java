package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.mosquitto.Username;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndingNamesTest {

  private static final int SECRET = 1024 * 1024;

  /** As long as a name with a pre-shared key may be. */
  private static Set<Username> names(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> new Username("x".repeat(58) + (100_000 + i)))
        .collect(Collectors.toSet());
  }

  private static int bytes(Set<String> listed) {
    return String.join("\n", listed).length();
  }

  @Test
  void allOfFewAreListed() {
    var now = EndingNames.atFirst(Set.of("anna"), List.of(new Username("bert")));
    assertThat(now.listed()).containsExactlyInAnyOrder("anna", "bert");
    assertThat(now.waiting()).isEmpty();
  }

  @Test
  void whatDoesNotFitWaitsAndNobodyIsForgotten() {
    var many = names(0, 30_000);
    var first = EndingNames.atFirst(Set.of("anna"), many);
    assertThat(first.listed()).contains("anna").hasSizeGreaterThan(7_000);
    assertThat(bytes(first.listed())).isLessThan(SECRET / 2);
    assertThat(first.listed().size() - 1 + first.waiting().size()).isEqualTo(many.size());

    var ended = new HashSet<>(first.listed());
    ended.removeIf(name -> !name.equals("anna"));
    var next = EndingNames.atFirst(ended, first.waiting());
    assertThat(next.waiting()).hasSizeLessThan(first.waiting().size());
  }

  @Test
  void whoIsListedStaysWhateverIsTakenBesides() {
    var first = EndingNames.atFirst(Set.of(), names(0, 30_000));
    var again = EndingNames.atFirst(first.listed(), names(0, 30_000));
    assertThat(again).isEqualTo(first);
  }

  @Test
  void thereIsRoomLeftForThoseWhoAreRefusedLate() {
    var first = EndingNames.atFirst(Set.of(), names(0, 30_000));
    var last = EndingNames.atLast(first.listed(), names(30_000, 37_000));
    assertThat(last.waiting()).isEmpty();
    assertThat(EndingNames.atLast(first.listed(), names(30_000, 40_000)).waiting()).isNotEmpty();
    assertThat(bytes(last.listed())).isLessThan(SECRET);
  }
}
