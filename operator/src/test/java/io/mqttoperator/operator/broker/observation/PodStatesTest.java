package io.mqttoperator.operator.broker.observation;

import static io.mqttoperator.operator.broker.Samples.pod;
import static io.mqttoperator.operator.broker.Samples.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStatesTest {

  private static final String UNSCHEDULABLE =
      """
      conditions:
      - {type: Ready, status: "False"}
      - {type: PodScheduled, status: "False", reason: Unschedulable, message: "%s"}
      """;

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

  private static final PersistentVolumeClaim PENDING = claim("data-fleet-0", "Pending");
  private static final PersistentVolumeClaim BOUND = claim("data-fleet-0", "Bound");

  @Test
  void aPodWithoutAVolumeSaysHowToGetOne() {
    for (var message :
        List.of(
            "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
            "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.",
            "storageclass.storage.k8s.io nope not found")) {
      var problem = problem(pod(UNSCHEDULABLE.formatted(message)), PENDING);
      assertThat(problem.reason()).isEqualTo(Reason.VOLUME_PENDING);
      assertThat(problem.message())
          .startsWith("PersistentVolumeClaim data-fleet-0 has no volume: set storage.")
          .endsWith("The scheduler says: " + message);
    }
  }

  /** Its volume is made when it asks for it: that takes some seconds, and nothing is wrong. */
  @Test
  void aNewPodMayWaitForItsVolume() {
    var waiting = pod(UNSCHEDULABLE.formatted("pod has unbound immediate PersistentVolumeClaims."));
    waiting.getMetadata().setCreationTimestamp("2026-01-01T00:00:01Z");
    assertThat(PodStates.problem(seen(List.of(waiting), List.of(PENDING)), NOW)).isEmpty();
    waiting.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    assertThat(problem(waiting, PENDING).reason()).isEqualTo(Reason.VOLUME_PENDING);
  }

  /** A claim that waits for its first consumer is pending for as long as the pod is. */
  @Test
  void aPodThatNoNodeTakesIsNotTakenForOneWithoutAVolume() {
    var message = "0/3 nodes are available: 3 Insufficient memory.";
    for (var claim : List.of(PENDING, BOUND)) {
      assertThat(problem(pod(UNSCHEDULABLE.formatted(message)), claim))
          .isEqualTo(Verdict.no(Reason.UNSCHEDULABLE, "No node takes pod fleet-0: " + message));
    }
  }

  @Test
  void anImageThatCannotBePulledIsNamed() {
    for (var reason : List.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName")) {
      var pod =
          pod(
              """
              containerStatuses:
              - {name: mosquitto, image: nope, state: {waiting: {reason: %s, message: not found}}}
              """
                  .formatted(reason));
      assertThat(problem(pod, BOUND))
          .isEqualTo(
              Verdict.no(
                  Reason.IMAGE_PULL_FAILED, "Pod fleet-0: image nope cannot be pulled: not found"));
    }
  }

  @Test
  void startsWhatIsOnItsNodeAndNotHeldUp() {
    var waiting = "containerStatuses: [{name: mosquitto, state: {waiting: {reason: %s}}}]";
    var ended = "containerStatuses: [{name: mosquitto, state: {terminated: {exitCode: 137}}}]";
    assertThat(PodStates.isStarting(onNode(pod("phase: Pending")))).isTrue();
    assertThat(PodStates.isStarting(onNode(pod(waiting.formatted("ContainerCreating"))))).isTrue();
    assertThat(PodStates.isStarting(onNode(pod(ended)))).as("the kubelet starts it anew").isTrue();
    assertThat(PodStates.isStarting(pod("phase: Pending"))).as("on no node").isFalse();
    assertThat(PodStates.isStarting(onNode(pod("phase: Failed")))).isFalse();
    for (var reason : List.of("CrashLoopBackOff", "ImagePullBackOff")) {
      assertThat(PodStates.isStarting(onNode(pod(waiting.formatted(reason))))).isFalse();
    }
  }

  private static Pod onNode(Pod pod) {
    return new PodBuilder(pod).editOrNewSpec().withNodeName("node").endSpec().build();
  }

  @Test
  void aBrokerThatEndedSaysWhy() {
    for (var state : List.of("state", "lastState")) {
      assertThat(problem(crashed(state), BOUND))
          .isEqualTo(
              Verdict.no(
                  Reason.BROKER_FAILED,
                  "Pod fleet-0: the broker ended with exit code 3: line one Error: bad line"));
    }
  }

  @Test
  void aBrokerThatRunsAgainHasNoProblem() {
    var pod =
        pod(
            """
            podIP: 10.0.0.7
            containerStatuses:
            - name: mosquitto
              ready: true
              containerID: containerd://1
              state: {running: {startedAt: "2026-05-06T07:08:09Z"}}
              lastState: {terminated: {exitCode: 3}}
            """);
    assertThat(PodStates.problem(seen(List.of(pod), List.of(BOUND)), NOW)).isEmpty();
    assertThat(PodStates.isRunning(pod)).isTrue();
    assertThat(PodStates.isReady(pod)).isTrue();
    assertThat(PodStates.endpoint(pod, Samples.defaults().names()).uid())
        .isEqualTo("u1/containerd://1");
  }

  @Test
  void aPodThatIsNotThereYetHasNoProblem() {
    for (var status :
        List.of("phase: Pending", "containerStatuses: [{name: other, ready: true}]")) {
      assertThat(PodStates.problem(seen(List.of(pod(status)), List.of(BOUND)), NOW)).isEmpty();
      assertThat(PodStates.isRunning(pod(status))).isFalse();
      assertThat(PodStates.isReady(pod(status))).isFalse();
    }
  }

  /** A rollout: Mosquitto ended because it was told to (143 is SIGTERM). */
  @Test
  void aPodThatIsBeingDeletedHasNotFailed() {
    var pod = pod("containerStatuses: [{name: mosquitto, state: {terminated: {exitCode: 143}}}]");
    assertThat(problem(pod, BOUND).reason()).isEqualTo(Reason.BROKER_FAILED);
    pod.getMetadata().setDeletionTimestamp("2026-05-06T07:08:09Z");
    assertThat(PodStates.problem(seen(List.of(pod), List.of(BOUND)), NOW)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "fleet-0, StatefulSet, apps/v1, fleet, true",
    "fleet-0, , , , true",
    "fleet-0, StatefulSet, apps/v1, other, false",
    "fleet-0, StatefulSet, example.com/v1, fleet, false",
    "fleet-image-trial, MqttBroker, mqttoperator.io/v1alpha1, fleet, false",
    "fleet-image-trial, , , , false",
    "somebodys, , , , false",
  })
  void aPodIsTheBrokersByItsController(
      String name,
      @Nullable String kind,
      @Nullable String apiVersion,
      @Nullable String owner,
      boolean isOurs) {
    var pod = pod("phase: Running");
    pod.getMetadata().setName(name);
    if (kind != null) {
      pod.addOwnerReference(new OwnerReference(apiVersion, true, true, kind, owner, "uid"));
    }
    assertThat(PodStates.isOf(pod, Samples.defaults().names())).isEqualTo(isOurs);
  }

  @Property(tries = 300)
  void aBrokersLastWordsAreShortAndPrintable(@ForAll @StringLength(max = 5000) String words) {
    var pod = pod("containerStatuses: [{name: mosquitto, state: {terminated: {exitCode: 1}}}]");
    var terminated = pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
    terminated.setMessage(words + " the end");
    var prefix = "Pod fleet-0: the broker ended with exit code 1: ";
    var message = problem(pod, BOUND).message();
    assertThat(message).startsWith(prefix).endsWith("the end");
    assertThat(message.substring(prefix.length()).getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(512);
    assertThat(message.codePoints().noneMatch(Character::isISOControl)).isTrue();
  }

  private static Pod crashed(String state) {
    return pod(
        """
        containerStatuses:
        - name: mosquitto
          %s: {terminated: {exitCode: 3, reason: Error, message: "line one\\nError: bad line"}}
        """
            .formatted(state));
  }

  private static Verdict problem(Pod pod, PersistentVolumeClaim claim) {
    return PodStates.problem(seen(List.of(pod), List.of(claim)), NOW).orElseThrow();
  }

  private static PersistentVolumeClaim claim(String name, String phase) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }
}
