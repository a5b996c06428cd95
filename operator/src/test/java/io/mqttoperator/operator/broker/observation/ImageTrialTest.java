package io.mqttoperator.operator.broker.observation;

import static io.mqttoperator.operator.broker.Samples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.objects.ImageTrialBlueprint;
import io.mqttoperator.operator.broker.objects.Supervisor;
import io.mqttoperator.operator.broker.observation.ImageTrial.Aborted;
import io.mqttoperator.operator.broker.observation.ImageTrial.Failed;
import io.mqttoperator.operator.broker.observation.ImageTrial.Passed;
import io.mqttoperator.operator.broker.observation.ImageTrial.Waiting;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  /** A pod cannot be moved: a trial that no node took would wait for ever. */
  @Test
  void isMadeAnewWhereItsPodWouldBeAnother() {
    var made = trial("{}");
    assertThat(Drift.isWrittenAs(made, pod("phase: Pending"))).isFalse();

    assertThat(Drift.isWrittenAs(trial("{}"), made)).isTrue();
    assertThat(Drift.isWrittenAs(trial("nodeSelector: {disk: ssd}"), made)).isFalse();
    assertThat(Drift.isWrittenAs(trial("image: other:1"), made)).isFalse();
  }

  private static Pod trial(String spec) {
    return ImageTrialBlueprint.of(Samples.profileWith(spec));
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

  @Test
  void looksForWhatTheSupervisorRuns() {
    var script =
        Supervisor.script()
            .lines()
            .map(line -> line.replaceFirst("(^|\\s)#.*", ""))
            .collect(Collectors.joining("\n"));
    var command =
        Pattern.compile(
            "(?:^|[;&|({!]|\\$\\(|\\b(?:then|do|else|until|while|if))[ \\t]*("
                + "awk|basename|cat|chgrp|chmod|chown|cmp|cp|cut|date|dd|diff|dirname|env|expr|find"
                + "|grep|head|id|ln|ls|mkdir|mkfifo|mktemp|mosquitto|mv|od|ps|rm|rmdir|sed|seq"
                + "|sha256sum|sleep|sort|stat|sync|tail|tee|timeout|touch|tr|uniq|wc|xargs)"
                + "(?=[ \\t;]|$)",
            Pattern.MULTILINE);
    assertThat(command.matcher(script).results().map(found -> found.group(1)).distinct())
        .containsExactlyInAnyOrderElementsOf(ImageTrial.TOOLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256sum", "test"})
  void saysWhichToolAnImageLacks(String lacking, @TempDir Path image)
      throws IOException, InterruptedException {
    for (var tool : Stream.concat(ImageTrial.TOOLS.stream(), Stream.of("test")).toList()) {
      if (!tool.equals(lacking)) {
        var file = Files.writeString(image.resolve(tool), "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
      }
    }
    var log = image.resolve("log");
    var trial =
        new ProcessBuilder(
            "/bin/sh", "-c", ImageTrial.SCRIPT.replace("/dev/termination-log", log.toString()));
    trial.environment().put("PATH", image.toString());
    assertThat(trial.start().waitFor()).isOne();
    assertThat(log).content().isEqualToIgnoringNewLines("the image has no " + lacking);
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
