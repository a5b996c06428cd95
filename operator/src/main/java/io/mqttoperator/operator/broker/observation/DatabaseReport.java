package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.kube.Conditions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What pods tell of a database that could not be read. The supervisor keeps it under another name,
 * ends the container once with a status of its own, and the next container starts without it. Pure.
 */
public final class DatabaseReport {

  /** Reason of the event. */
  public static final String SET_ASIDE = "DatabaseSetAside";

  /** {@code set_aside} in supervisor.sh; Mosquitto's own statuses are below 40. */
  static final int EXIT_CODE = 65;

  private static final int LONGEST_SENTENCE = 512;
  private static final String BEGINNING = "its database was set aside";

  private DatabaseReport() {}

  /** The warnings, and one for each pod whose container, or the one before it, told of it. */
  public static List<String> added(List<String> warnings, BrokerObservation seen) {
    return Stream.concat(
            warnings.stream().filter(warning -> !isReport(warning)),
            seen.pods().stream().flatMap(pod -> of(pod).stream()))
        .toList();
  }

  public static boolean isReport(String warning) {
    return warning.startsWith("Pod ") && warning.contains(BEGINNING);
  }

  /** The sentence of one pod. */
  public static Optional<String> of(Pod pod) {
    return PodStates.container(pod)
        .flatMap(DatabaseReport::end)
        .map(
            end ->
                "Pod %s: %s: %s"
                    .formatted(
                        pod.getMetadata().getName(),
                        BEGINNING,
                        Conditions.tail(
                            Objects.requireNonNullElse(
                                end.getMessage(), "see its log for the file's name"),
                            LONGEST_SENTENCE)));
  }

  private static Optional<ContainerStateTerminated> end(ContainerStatus container) {
    return Stream.of(
            Optional.ofNullable(container.getState()),
            Optional.ofNullable(container.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .filter(Objects::nonNull)
        .filter(end -> Objects.equals(end.getExitCode(), EXIT_CODE))
        .findFirst();
  }
}
