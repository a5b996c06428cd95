package io.mqttoperator.operator.broker;

import static io.mqttoperator.operator.broker.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.status.BrokerFindings;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextLookTest {

  private static final Verdict ACCEPTED = Verdict.yes(Reason.ACCEPTED, "fine");
  private static final Instant IN_A_YEAR = NOW.plus(Duration.ofDays(365));
  private static final Duration RETRY = Duration.ofSeconds(4);

  @Test
  void itIsAtTheFirstRenewalAndAfterTenMinutesAtTheLatest() {
    assertThat(after(ACCEPTED, new Enforcement.Proven(), NOW.plusSeconds(7)))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(after(ACCEPTED, new Enforcement.Proven(), IN_A_YEAR))
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(after(ACCEPTED, new Enforcement.Proven(), NOW.minusSeconds(7)))
        .as("overdue")
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatIsNotProvenIsTriedAgainAtOnceAndARefusalSoon() {
    var pending = new Enforcement.Pending(Reason.APPLYING, "not yet");
    assertThat(after(ACCEPTED, pending, IN_A_YEAR)).isEqualTo(RETRY);
    assertThat(after(Verdict.no(Reason.INVALID, "no"), new Enforcement.Proven(), IN_A_YEAR))
        .isEqualTo(Duration.ofSeconds(30));
  }

  /** Pods that wait for a volume tell nobody that ten seconds are over. */
  @Test
  void whilePodsStartItIsAfterTenSecondsUnlessSomethingIsDueBefore() {
    var starting =
        Optional.of(
            new StatefulSetBuilder()
                .withNewMetadata()
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(1)
                .withReadyReplicas(0)
                .endStatus()
                .build());
    assertThat(after(ACCEPTED, new Enforcement.Proven(), IN_A_YEAR, starting))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(after(ACCEPTED, new Enforcement.Proven(), NOW.plusMillis(500), starting))
        .isEqualTo(Duration.ofMillis(500));
  }

  private static Duration after(Verdict accepted, Enforcement enforcement, Instant renewAt) {
    return after(accepted, enforcement, renewAt, Optional.empty());
  }

  private static Duration after(
      Verdict accepted,
      Enforcement enforcement,
      Instant renewAt,
      Optional<StatefulSet> statefulSet) {
    var findings =
        new BrokerFindings(
            Optional.empty(),
            accepted,
            ACCEPTED,
            Optional.empty(),
            Optional.empty(),
            0,
            enforcement,
            ACCEPTED,
            Map.of(),
            statefulSet);
    return NextLook.after(
        findings,
        AccessPlan.of(List.of(), List.of(), Tenancy.none("plant")),
        1,
        renewAt,
        RETRY,
        NOW);
  }
}
