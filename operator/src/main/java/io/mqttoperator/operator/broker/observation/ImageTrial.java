package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a trial pod has shown of an image. */
public sealed interface ImageTrial {

  /** The image runs a Mosquitto that we can run, and has the tools that the supervisor uses. */
  record Passed(String version) implements ImageTrial {}

  /** It cannot be used. */
  record Failed(Verdict verdict) implements ImageTrial {}

  /** The pod ended before the image was tried: its node had no room, or went away. */
  record Aborted(Verdict verdict) implements ImageTrial {}

  /** Not known yet. */
  record Waiting(Verdict verdict) implements ImageTrial {}

  Pattern VERSION = Pattern.compile("mosquitto version (\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");
  Set<String> PULL_FAILURES =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");
  Set<String> START_FAILURES = Set.of("StartError", "ContainerCannotRun", "RunContainerError");

  /** Reads a trial pod's status. */
  static ImageTrial read(Pod pod, String image) {
    var status =
        pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
            ? Optional.<ContainerStatus>empty()
            : pod.getStatus().getContainerStatuses().stream().findFirst();
    if (status.isEmpty() || status.get().getState() == null) {
      if (pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase())) {
        return aborted(image, pod);
      }
      return PodStates.unschedulable(pod)
          .<ImageTrial>map(why -> new Waiting(Verdict.unknown(Reason.UNSCHEDULABLE, why)))
          .orElseGet(() -> waiting(image));
    }
    var waiting = status.get().getState().getWaiting();
    if (waiting != null && PULL_FAILURES.contains(String.valueOf(waiting.getReason()))) {
      return new Failed(
          Verdict.no(
              Reason.IMAGE_PULL_FAILED,
              "Image %s cannot be pulled: %s"
                  .formatted(image, Conditions.tail(String.valueOf(waiting.getMessage()), 512))));
    }
    if (waiting != null && START_FAILURES.contains(String.valueOf(waiting.getReason()))) {
      return unsupported(image, "it cannot be started", String.valueOf(waiting.getMessage()));
    }
    var ended = status.get().getState().getTerminated();
    if (ended == null) {
      return waiting(image);
    }
    var said = Optional.ofNullable(ended.getMessage()).orElse("").strip();
    if (START_FAILURES.contains(String.valueOf(ended.getReason()))) {
      return unsupported(image, "it cannot be started", said);
    }
    return judge(image, said);
  }

  private static ImageTrial judge(String image, String said) {
    var version = VERSION.matcher(said);
    if (!version.find()) {
      return unsupported(image, "it did not tell a Mosquitto version", said);
    }
    var number = new int[3];
    for (int i = 0; i < number.length; i++) {
      number[i] = Integer.parseInt(version.group(i + 1));
    }
    var order = number[0] != 2 ? number[0] - 2 : number[1] != 1 ? number[1] - 1 : number[2] - 2;
    var text = "%d.%d.%d".formatted(number[0], number[1], number[2]);
    return order >= 0 && number[0] == 2
        ? new Passed(text)
        : unsupported(image, "Mosquitto " + text + " is not 2.1.2 or a newer 2.x", "");
  }

  /** One that has only begun. */
  static Waiting waiting(String image) {
    return new Waiting(
        Verdict.unknown(Reason.STARTING, "Image %s is being tried in a pod.".formatted(image)));
  }

  private static ImageTrial aborted(String image, Pod pod) {
    var status = pod.getStatus();
    return new Aborted(
        Verdict.unknown(
            Reason.STARTING,
            "Image %s could not be tried yet: %s: %s"
                .formatted(
                    image,
                    Objects.requireNonNullElse(status.getReason(), "its pod failed"),
                    Conditions.tail(
                        Objects.requireNonNullElse(status.getMessage(), "no reason was given"),
                        256))));
  }

  private static ImageTrial unsupported(String image, String why, String said) {
    var quoted = said.isBlank() ? "" : " (it said: " + Conditions.tail(said, 256) + ")";
    return new Failed(
        Verdict.no(
            Reason.UNSUPPORTED_MOSQUITTO,
            "Image %s cannot be used: %s%s. Give one with Mosquitto 2.1.2 or a newer 2.x."
                .formatted(image, why, quoted)));
  }
}
