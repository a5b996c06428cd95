package io.mqttoperator.operator.broker.objects;

import static io.mqttoperator.operator.broker.Samples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.kube.Drift;
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

class ImageTrialBlueprintTest {

  /** A pod cannot be moved: a trial that no node took would wait for ever. */
  @Test
  void isMadeAnewWhereItsPodWouldBeAnother() {
    var made = trial("{}");
    assertThat(Drift.isWrittenAs(made, pod("phase: Pending"))).isFalse();

    assertThat(Drift.isWrittenAs(trial("{}"), made)).isTrue();
    assertThat(Drift.isWrittenAs(trial("nodeSelector: {disk: ssd}"), made)).isFalse();
    assertThat(Drift.isWrittenAs(trial("image: other:1"), made)).isFalse();
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
        .containsExactlyInAnyOrderElementsOf(ImageTrialBlueprint.TOOLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256sum", "test"})
  void saysWhichToolAnImageLacks(String lacking, @TempDir Path image)
      throws IOException, InterruptedException {
    for (var tool : Stream.concat(ImageTrialBlueprint.TOOLS.stream(), Stream.of("test")).toList()) {
      if (!tool.equals(lacking)) {
        var file = Files.writeString(image.resolve(tool), "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
      }
    }
    var log = image.resolve("log");
    var trial =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            ImageTrialBlueprint.SCRIPT.replace("/dev/termination-log", log.toString()));
    trial.environment().put("PATH", image.toString());
    assertThat(trial.start().waitFor()).isOne();
    assertThat(log).content().isEqualToIgnoringNewLines("the image has no " + lacking);
  }

  private static Pod trial(String spec) {
    return ImageTrialBlueprint.of(Samples.profileWith(spec));
  }
}
