package io.mqttoperator.operator.broker.observation;

import static io.mqttoperator.operator.broker.Samples.pod;
import static io.mqttoperator.operator.broker.Samples.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseReportTest {

  private static final String TOLD =
      "{terminated: {exitCode: 65, message: \"mosquitto.db cannot be read (no). It is kept.\"}}";
  private static final String SENTENCE =
      "Pod fleet-0: its database was set aside: mosquitto.db cannot be read (no). It is kept.";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state: {running: {}}, lastState: " + TOLD,
        "state: {waiting: {reason: CrashLoopBackOff}}, lastState: " + TOLD,
        "state: " + TOLD,
        "state: " + TOLD + ", lastState: " + TOLD,
      })
  void aDatabaseThatWasSetAsideIsAWarningOfItsPod(String states) {
    assertThat(added(List.of("Another."), container(states))).containsExactly("Another.", SENTENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state: {running: {}}",
        "state: {running: {}}, lastState: {terminated: {exitCode: 1, message: bad}}",
        "state: {terminated: {exitCode: 137}}",
      })
  void anyOtherEndIsNone(String states) {
    assertThat(added(List.of("Another."), container(states))).containsExactly("Another.");
  }

  @Test
  void aPodWithoutAStatusTellsNothing() {
    assertThat(added(List.of(), new Pod(null, null, null, null, null))).isEmpty();
  }

  /** A broker that is refused keeps the warnings of before. */
  @Test
  void whatNoPodTellsAnyMoreIsDropped() {
    assertThat(added(List.of(SENTENCE, "Another."), container("state: {running: {}}")))
        .containsExactly("Another.");
    assertThat(added(List.of(SENTENCE), container("state: " + TOLD))).containsExactly(SENTENCE);
  }

  @Test
  void whatThePodSaysIsCutAndCleaned() {
    var told =
        added(
            List.of(),
            container(
                "state: {terminated: {exitCode: 65, message: \"\\u0007"
                    + "x".repeat(4000)
                    + "\"}}"));
    assertThat(told).singleElement().asString().hasSizeLessThan(600).endsWith("x".repeat(512));
  }

  @Test
  void aPodThatGivesNoNamePointsToItsLog() {
    assertThat(added(List.of(), container("state: {terminated: {exitCode: 65}}")))
        .containsExactly(
            "Pod fleet-0: its database was set aside: see its log for the file's name");
  }

  private static List<String> added(List<String> warnings, Pod pod) {
    return DatabaseReport.added(warnings, seen(List.of(pod), List.of()));
  }

  private static Pod container(String states) {
    return pod("containerStatuses: [{name: mosquitto, " + states + "}]");
  }
}
