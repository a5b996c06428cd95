package io.mqttoperator.operator.broker.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScaleDownTest {

  private final Map<String, Integer> away =
      new HashMap<>(Map.of("fleet-0", 9, "fleet-1", 0, "fleet-2", 0));

  private final PodMemory memory = new PodMemory();
  private Instant now = Samples.NOW;

  /** As after a time in which all pods have told. */
  @BeforeEach
  void waitUntilAllHaveTold() {
    memory.scaleDownAsked(true, now.minus(ScaleDown.UNTIL_ALL_HAVE_TOLD));
  }

  /** A client that left just before is in no count yet. */
  @Test
  void aCountThatMayBeOldIsNotTrusted() {
    memory.scaleDownAsked(false, now);
    assertThat(refusal(2, pods(3), List.of()))
        .hasValueSatisfying(
            verdict -> {
              assertThat(verdict.isTrue() || verdict.isFalse()).isFalse();
              assertThat(verdict.reason()).isEqualTo(Reason.SESSIONS_REMAIN);
              assertThat(verdict.message()).contains("every ten seconds");
            });
    now = now.plus(ScaleDown.UNTIL_ALL_HAVE_TOLD);
    assertThat(refusal(2, pods(3), List.of())).isEmpty();
  }

  @Test
  void podsWithoutSessionsThatWaitMayGo() {
    assertThat(refusal(1, pods(3), List.of())).as("those of the hub stay").isEmpty();
  }

  @Test
  void aPodWithASessionThatWaitsIsHeldAndNamed() {
    away.put("fleet-2", 3);
    assertThat(refusal(2, pods(3), List.of()))
        .hasValueSatisfying(
            verdict -> {
              assertThat(verdict.isFalse()).isTrue();
              assertThat(verdict.reason()).isEqualTo(Reason.SESSIONS_REMAIN);
              assertThat(verdict.message())
                  .contains("spec.replicas: 2", "fleet-2 has 3", "kubectl annotate")
                  .doesNotContain("fleet-1");
            });
    assertThat(refusal(3, pods(3), List.of())).as("none is to go").isEmpty();
  }

  @Test
  void oneThatHasNotToldIsHeld() {
    away.remove("fleet-1");
    assertThat(refusal(1, pods(3), List.of()))
        .hasValueSatisfying(
            verdict -> assertThat(verdict.message()).contains("fleet-1 has not yet told"));
  }

  @Test
  void oneThatDoesNotRunIsHeldIfItHasAVolume() {
    var pods = List.of(running(0), running(1), Samples.pod("phase: Pending"));
    pods.get(2).getMetadata().setName("fleet-2");
    assertThat(refusal(2, pods, List.of())).as("it never ran").isEmpty();
    assertThat(refusal(2, pods, List.of(claim("Pending")))).isEmpty();
    assertThat(refusal(2, pods, List.of(claim("Bound"))))
        .hasValueSatisfying(
            verdict -> assertThat(verdict.message()).contains("fleet-2 does not run"));
  }

  @Test
  void theOwnerCanGiveSessionsUp() {
    away.put("fleet-2", 3);
    var profile = Samples.profileWith("replicas: 2");
    var metadata = profile.broker().getMetadata();
    metadata.setAnnotations(Map.of(Labels.SKIP_SCALE_DOWN_CHECK, "true"));
    assertThat(refusal(profile, pods(3), List.of())).isEmpty();
    metadata.setAnnotations(Map.of(Labels.SKIP_SCALE_DOWN_CHECK, "false"));
    assertThat(refusal(profile, pods(3), List.of())).isPresent();
    metadata.setAnnotations(Map.of());
  }

  @Test
  void whatIsOnItsWayIsNotHeldUp() {
    away.put("fleet-2", 3);
    var pods = pods(3);
    pods.get(2).getMetadata().setDeletionTimestamp("2026-05-06T07:08:09Z");
    assertThat(refusal(2, pods, List.of())).isEmpty();
  }

  /** What joins the pods is there until the last that has to go has gone. */
  @Test
  void aPodThatIsToGoHasItsBridgeUntilItIsGone() throws Exception {
    var profile = Samples.profileWith("replicas: 2");
    assertThat(bridges(profile, 3)).isEqualTo(2);
    assertThat(bridges(profile, 2)).isEqualTo(1);
    assertThat(bridges(Samples.defaults(), 3)).isEqualTo(2);
    assertThat(bridges(Samples.defaults(), 1)).isZero();
  }

  private static int bridges(BrokerProfile profile, int pods) throws UnusableAuthority {
    return SecretKeeperTest.keep(profile, Samples.seen(pods(pods), List.of()), Samples.NOW)
        .internal()
        .bridges()
        .size();
  }

  private Optional<Verdict> refusal(
      int replicas, List<Pod> pods, List<PersistentVolumeClaim> claims) {
    return refusal(Samples.profileWith("replicas: " + replicas), pods, claims);
  }

  private Optional<Verdict> refusal(
      BrokerProfile profile, List<Pod> pods, List<PersistentVolumeClaim> claims) {
    var set = new StatefulSetBuilder().withNewSpec().withReplicas(3).endSpec().build();
    try {
      return new ScaleDown(
              (pod, names) ->
                  Optional.ofNullable(away.get(pod.getMetadata().getName()))
                      .map(OptionalInt::of)
                      .orElseGet(OptionalInt::empty),
              Samples.at(now))
          .refuse(profile, Samples.seen(Optional.of(set), pods, claims), memory);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static List<Pod> pods(int count) {
    return IntStream.range(0, count).mapToObj(ScaleDownTest::running).toList();
  }

  private static Pod running(int ordinal) {
    var pod =
        Samples.pod(
            "podIP: 10.0.0.1\ncontainerStatuses: [{name: mosquitto, image: x, state: {running:"
                + " {}}}]");
    pod.getMetadata().setName("fleet-" + ordinal);
    return pod;
  }

  private static PersistentVolumeClaim claim(String phase) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("data-fleet-2")
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }
}
