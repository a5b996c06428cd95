package io.mqttoperator.operator.broker.observation;

import static io.mqttoperator.operator.broker.Samples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.observation.ImageTrial.Aborted;
import io.mqttoperator.operator.broker.observation.ImageTrial.Failed;
import io.mqttoperator.operator.broker.observation.ImageTrial.Passed;
import io.mqttoperator.operator.broker.observation.ImageTrial.Waiting;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTrialTest {

  @ParameterizedTest
  @ValueSource(strings = {"2.1.2", "2.1.10", "2.2.0", "2.10.1"})
  void takesMosquittosThatAreNewEnough(String version) {
    assertThat(read(ended("mosquitto version " + version))).isEqualTo(new Passed(version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.1.1", "2.0.22", "1.6.12", "3.0.0", "0.0.0"})
  void refusesOthers(String version) {
    assertThat(read(ended("mosquitto version " + version)))
        .isEqualTo(
            new Failed(
                Verdict.no(
                    Reason.UNSUPPORTED_MOSQUITTO,
                    "Image nope:1 cannot be used: Mosquitto "
                        + version
                        + " is not 2.1.2 or a newer 2.x. Give one with Mosquitto 2.1.2 or a newer"
                        + " 2.x.")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"the image has no sed", "mosquitto version 99999999999.1.2", "\u0007bell"})
  void quotesAnImageThatIsNoMosquitto(String said) {
    assertThat(read(ended(said)))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.verdict().reason()).isEqualTo(Reason.UNSUPPORTED_MOSQUITTO);
              assertThat(failed.verdict().message())
                  .contains("(it said: " + said.replace("\u0007", "") + ")");
            });
  }

  @Test
  void refusesAnImageThatSaysNothing() {
    assertThat(read(ended(""))).isInstanceOf(Failed.class);
  }

  @Test
  void saysThatAnImageCannotBePulled() {
    var pod = container("{waiting: {reason: ErrImagePull, message: 'manifest unknown'}}");
    assertThat(read(pod))
        .isEqualTo(
            new Failed(
                Verdict.no(
                    Reason.IMAGE_PULL_FAILED, "Image nope:1 cannot be pulled: manifest unknown")));
  }

  @Test
  void saysThatAnImageCannotBeStarted() {
    for (var state :
        new String[] {
          "{terminated: {reason: StartError, exitCode: 128, message: no /bin/sh}}",
          "{waiting: {reason: RunContainerError, message: no /bin/sh}}"
        }) {
      assertThat(read(container(state)))
          .isInstanceOfSatisfying(
              Failed.class,
              failed ->
                  assertThat(failed.verdict().message())
                      .contains("it cannot be started (it said: no /bin/sh)"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{waiting: {reason: ContainerCreating}}", "{running: {}}", "{}"})
  void waitsForAnAnswer(String state) {
    assertThat(read(container(state)))
        .isEqualTo(
            new Waiting(Verdict.unknown(Reason.STARTING, "Image nope:1 is being tried in a pod.")));
    assertThat(read(pod("phase: Pending"))).isInstanceOf(Waiting.class);
  }

  /** Else a nodeSelector that no node has would look like a trial that takes its time. */
  @Test
  void saysThatNoNodeTakesTheTrial() {
    var pod =
        pod("conditions: [{type: PodScheduled, reason: Unschedulable, message: no such node}]");
    assertThat(read(pod))
        .isEqualTo(
            new Waiting(
                Verdict.unknown(Reason.UNSCHEDULABLE, "No node takes pod fleet-0: no such node")));
  }

  /** Its node had no room for it, or was drained. */
  @Test
  void aPodThatEndedBeforeItBeganSaysNothingOfTheImage() {
    assertThat(read(pod("{phase: Failed, reason: OutOfcpu, message: Node has no cpu}")))
        .isEqualTo(
            new Aborted(
                Verdict.unknown(
                    Reason.STARTING,
                    "Image nope:1 could not be tried yet: OutOfcpu: Node has no cpu")));
    assertThat(read(pod("phase: Failed"))).isInstanceOf(Aborted.class);
  }

  private static ImageTrial read(Pod pod) {
    return ImageTrial.read(pod, "nope:1");
  }

  private static Pod container(String state) {
    return pod("containerStatuses: [{name: mosquitto, state: %s}]".formatted(state));
  }

  private static Pod ended(String said) {
    var pod = container("{terminated: {exitCode: 0, reason: Completed}}");
    var state = pod.getStatus().getContainerStatuses().getFirst().getState();
    state.getTerminated().setMessage(said);
    return pod;
  }
}
