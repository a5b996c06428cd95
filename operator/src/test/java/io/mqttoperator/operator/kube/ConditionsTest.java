package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final Verdict ACCEPTED = Verdict.yes(Reason.ACCEPTED, "Valid.");
  private static final Verdict APPLYING = Verdict.unknown(Reason.APPLYING, "On its way.");
  private static final Verdict READY = Verdict.yes(Reason.READY, "All is well.");

  @Test
  void aConditionHasAllThatTheConventionsAskFor() {
    var ready = find(compose(null, ACCEPTED, APPLYING, 1), Conditions.READY);
    assertThat(ready.getStatus()).isEqualTo("Unknown");
    assertThat(ready.getReason()).isEqualTo("Applying");
    assertThat(ready.getMessage()).isEqualTo("On its way.");
    assertThat(ready.getObservedGeneration()).isEqualTo(7);
    assertThat(ready.getLastTransitionTime()).isEqualTo("2026-05-06T07:00:01Z");
  }

  @Test
  void theTransitionTimeChangesWithTheStatusAlone() {
    var one = compose(null, ACCEPTED, APPLYING, 1);
    var otherReason = Verdict.unknown(Reason.POD_UNREACHABLE, "Pod fleet-0 does not answer.");
    var two = compose(one, ACCEPTED, otherReason, 2);
    assertThat(find(two, Conditions.READY).getReason()).isEqualTo("PodUnreachable");
    assertThat(find(two, Conditions.READY).getLastTransitionTime())
        .isEqualTo("2026-05-06T07:00:01Z");
    var three = compose(two, ACCEPTED, READY, 3);
    assertThat(find(three, Conditions.READY).getLastTransitionTime())
        .isEqualTo("2026-05-06T07:00:03Z");
    assertThat(find(three, Conditions.ACCEPTED).getLastTransitionTime())
        .isEqualTo("2026-05-06T07:00:01Z");
  }

  @Test
  void whatStandsIsWrittenAgainAsItIs() {
    var one = compose(null, ACCEPTED, READY, 1);
    assertThat(compose(one, ACCEPTED, READY, 9)).isEqualTo(one);
  }

  /** As kstatus reads them: Stalled is Failed, Reconciling is InProgress, neither is Current. */
  @Test
  void kstatusReadsWhatIsMeant() {
    var refused = Verdict.no(Reason.INVALID, "Set a port.");
    assertThat(types(compose(null, ACCEPTED, APPLYING, 1)))
        .containsExactly("Accepted", "Ready", "Reconciling");
    assertThat(types(compose(null, ACCEPTED, Verdict.no(Reason.PAUSED, "Paused."), 1)))
        .containsExactly("Accepted", "Ready", "Reconciling");
    assertThat(types(compose(null, ACCEPTED, READY, 1))).containsExactly("Accepted", "Ready");
    assertThat(types(compose(null, refused, refused, 1)))
        .containsExactly("Accepted", "Ready", "Stalled");
    assertThat(types(compose(null, APPLYING, APPLYING, 1)))
        .as("not known yet")
        .containsExactly("Accepted", "Ready", "Reconciling");
    var stalled = find(compose(null, refused, refused, 1), "Stalled");
    assertThat(stalled.getStatus()).isEqualTo("True");
    assertThat(stalled.getReason()).isEqualTo("Invalid");
    assertThat(stalled.getMessage()).isEqualTo("Set a port.");
  }

  @Test
  void whatNoLongerAppliesGoes() {
    var refused = Verdict.no(Reason.INVALID, "Set a port.");
    var stalled = compose(null, refused, refused, 1);
    var reconciling = compose(stalled, ACCEPTED, APPLYING, 2);
    assertThat(types(reconciling)).doesNotContain("Stalled");
    assertThat(types(compose(reconciling, ACCEPTED, READY, 3))).doesNotContain("Reconciling");
  }

  @Test
  void aMessageIsOneLine() {
    assertThat(Conditions.printable(" a\r\n\tb\u0007\u0085c\u200bd\u2028e\ud800f "))
        .isEqualTo("a b c d e f");
  }

  @Property
  void aMessageIsPrintableAndShort(@ForAll("texts") String text) {
    var printable = Conditions.printable(text);
    assertThat(printable.codePoints().noneMatch(ConditionsTest::isInvisible)).isTrue();
    assertThat(printable.codePointCount(0, printable.length())).isLessThanOrEqualTo(1025);
  }

  /** A broker's last words are those that say why it ended. */
  @Property
  void aTailIsTheEndOfWhatWasSaid(
      @ForAll("texts") String text, @ForAll @IntRange(max = 600) int n) {
    var tail = Conditions.tail(text, n);
    var bytes = tail.getBytes(StandardCharsets.UTF_8);
    assertThat(bytes.length).isLessThanOrEqualTo(n);
    assertThat(tail.codePoints().noneMatch(ConditionsTest::isInvisible)).isTrue();
    assertThat(new String(bytes, StandardCharsets.UTF_8)).as("no half character").isEqualTo(tail);
    var end = Conditions.tail(text + "END", Math.max(n, 3));
    assertThat(end).endsWith("END");
    assertThat(Conditions.tail(text, 100_000).endsWith(tail)).isTrue();
    assertThat(bytes.length > n - 4 || tail.equals(Conditions.tail(text, 100_000)))
        .as("as much as fits")
        .isTrue();
  }

  @Provide
  Arbitrary<String> texts() {
    var short1 = Arbitraries.strings().ofMaxLength(40);
    return Arbitraries.oneOf(
        short1,
        Arbitraries.of("x", "é", "😀", "€", "a\n", "\ud83d")
            .list()
            .ofMinSize(500)
            .ofMaxSize(3000)
            .map(parts -> String.join("", parts)));
  }

  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> true;
      default -> codePoint == '\u2028' || codePoint == '\u2029';
    };
  }

  private static List<Condition> compose(
      @Nullable List<Condition> before, Verdict accepted, Verdict ready, int second) {
    SequencedMap<String, Verdict> verdicts = new LinkedHashMap<>();
    verdicts.put(Conditions.ACCEPTED, accepted);
    verdicts.put(Conditions.READY, ready);
    var now = Instant.parse("2026-05-06T07:00:00.5Z").plusSeconds(second);
    return Conditions.compose(before, verdicts, 7L, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static List<String> types(List<Condition> conditions) {
    return conditions.stream().map(Condition::getType).toList();
  }

  private static Condition find(List<Condition> conditions, String type) {
    return Conditions.find(conditions, type).orElseThrow();
  }
}
