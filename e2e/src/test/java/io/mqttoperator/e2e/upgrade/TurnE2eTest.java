package io.mqttoperator.e2e.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts as a fault of an upgrade. It needs no cluster. */
final class TurnE2eTest {

  private static final State BEFORE =
      new State(
          "template",
          "scripts",
          Map.of("b-0", "start"),
          Map.of("b-0", "pod"),
          Map.of("b-0", "process"),
          Map.of("CA", "its hash"));

  private static State state(
      String template, String scripts, String start, String pod, String process, String authority) {
    return new State(
        template,
        scripts,
        Map.of("b-0", start),
        Map.of("b-0", pod),
        Map.of("b-0", process),
        Map.of("CA", authority));
  }

  private static List<String> faults(State after, int away, int refusals, Set<String> lives) {
    return new Turn(
            "upgrade", "b", 1, BEFORE, after, List.of(0, away), refusals, Map.of("b-0", lives))
        .faults();
  }

  private static final Set<String> ONE = Set.of("pod");
  private static final Set<String> TWO = Set.of("pod", "another");

  @Test
  void nothingIsDisturbedWithoutNeed() {
    assertThat(faults(BEFORE, 0, 0, ONE)).isEmpty();
    assertThat(faults(BEFORE, 1, 0, ONE)).singleElement().asString().contains("away 1 times");
    assertThat(faults(BEFORE, 0, 1, ONE)).singleElement().asString().contains("refused");
    var replaced = state("template", "scripts", "start", "another", "another", "its hash");
    assertThat(faults(replaced, 1, 0, TWO)).hasSize(4);
  }

  @Test
  void anotherTemplateOrScriptIsOneTurn() {
    for (var after :
        List.of(
            state("other", "scripts", "start", "another", "another", "its hash"),
            state("template", "other", "start", "another", "another", "its hash"))) {
      assertThat(faults(after, 1, 0, TWO)).isEmpty();
      assertThat(faults(after, 2, 0, TWO)).singleElement().asString().contains("away 2 times");
      assertThat(faults(after, 1, 0, Set.of("pod", "another", "a third")))
          .singleElement()
          .asString()
          .contains("more than one turn");
    }
    var notReplaced = state("other", "scripts", "start", "pod", "process", "its hash");
    assertThat(faults(notReplaced, 0, 0, ONE)).hasSize(2);
  }

  @Test
  void anotherStartDigestRestartsMosquittoAlone() {
    var after = state("template", "scripts", "other", "pod", "another", "its hash");
    assertThat(faults(after, 1, 0, ONE)).isEmpty();
    var notRestarted = state("template", "scripts", "other", "pod", "process", "its hash");
    assertThat(faults(notRestarted, 0, 0, ONE)).singleElement().asString().contains("anew");
  }

  @Test
  void whatClientsHoldStays() {
    var after = state("template", "scripts", "start", "pod", "process", "another hash");
    assertThat(faults(after, 0, 0, ONE)).singleElement().asString().contains("another secret: CA");
  }
}
