package io.mqttoperator.operator.broker.rollout;

import static io.mqttoperator.operator.broker.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.kube.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodMemoryTest {

  private static final Enforcement.Pending APPLYING =
      new Enforcement.Pending(Reason.APPLYING, "not yet");
  private static final Enforcement.Pending UNREACHABLE =
      new Enforcement.Pending(Reason.POD_UNREACHABLE, "no answer");

  private final PodMemory memory = new PodMemory();

  @Test
  void podsAreToldAgainAfterPausesThatDouble() {
    assertThat(memory.attempt("one", NOW)).isZero();
    memory.unproven(APPLYING, NOW);
    assertThat(memory.pause()).isEqualTo(Duration.ofMillis(500));
    assertThat(memory.attempt("one", NOW.plusMillis(499))).isZero();
    assertThat(memory.attempt("one", NOW.plusMillis(500))).isOne();
    assertThat(memory.pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(memory.attempt("one", NOW.plusMillis(1499))).isOne();
    assertThat(memory.attempt("one", NOW.plusMillis(1500))).isEqualTo(2);
    assertThat(memory.attempt("two", NOW.plusMillis(1501))).as("another revision").isZero();
  }

  @Test
  void aPodThatStartsIsWaitedForFifteenSecondsAndThenNot() {
    var starting =
        new PodBuilder()
            .withNewMetadata()
            .withName("fleet-0")
            .withUid("one")
            .endMetadata()
            .withNewSpec()
            .withNodeName("node")
            .endSpec()
            .build();
    var again = new PodBuilder(starting).editMetadata().withUid("two").endMetadata().build();

    assertThat(memory.starting(List.of(starting), NOW)).containsExactly("fleet-0");
    assertThat(memory.starting(List.of(starting), NOW.plusSeconds(14))).containsExactly("fleet-0");
    assertThat(memory.starting(List.of(starting), NOW.plusSeconds(15))).isEmpty();
    assertThat(memory.starting(List.of(again), NOW.plusSeconds(16))).containsExactly("fleet-0");
    assertThat(memory.starting(List.of(starting), NOW.plusSeconds(17)))
        .as("it was seen to be gone meanwhile")
        .containsExactly("fleet-0");
  }

  @Test
  void pausesEndAtSixteenSeconds() {
    var now = NOW;
    memory.attempt("one", now);
    for (int i = 0; i < 20; i++) {
      memory.unproven(APPLYING, now);
      now = now.plus(memory.pause());
      memory.attempt("one", now);
    }
    assertThat(memory.pause()).isEqualTo(Duration.ofSeconds(16));
  }

  @Test
  void aPodIsUnreachableSinceItGaveTheLastAnswer() {
    memory.unproven(UNREACHABLE, NOW);
    memory.unproven(UNREACHABLE, NOW.plusSeconds(60));
    assertThat(memory.unreachableSince()).contains(NOW);
    memory.unproven(APPLYING, NOW.plusSeconds(70));
    assertThat(memory.unreachableSince()).as("it answered").isEmpty();
    memory.unproven(UNREACHABLE, NOW.plusSeconds(80));
    assertThat(memory.unreachableSince()).contains(NOW.plusSeconds(80));
    memory.answered();
    assertThat(memory.unreachableSince()).as("all answered").isEmpty();
  }
}
