package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.InternalListener;
import io.mqttoperator.operator.mqtt.PodEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the pods of a broker say of themselves. Pure. */
public final class PodStates {

  /** For how long it is usual that no node takes a new pod. */
  public static final Duration UNTIL_SCHEDULED = Duration.ofSeconds(10);

  private static final int LONGEST_ERROR = 512;

  /** Phases of a pod whose containers never start again. */
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** Why a container waits that nothing holds up. */
  private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");

  private static final Set<String> IMAGE_FAILURES = ImageTrial.PULL_FAILURES;

  /**
   * What the scheduler says where a volume is missing (its VolumeBinding plugin). A claim of a
   * class that waits for its first pod is pending as long as the pod is, whatever holds that up.
   */
  private static final Pattern VOLUME_MISSING =
      Pattern.compile("persistent ?volume|storageclass", Pattern.CASE_INSENSITIVE);

  private PodStates() {}

  /**
   * Whether a pod is one of the broker's. Those of a StatefulSet that was there before run until
   * they end, and one whose StatefulSet was deleted without it is taken up by the next: both let
   * clients in meanwhile.
   */
  static boolean isOf(Pod pod, BrokerNames names) {
    var controller =
        pod.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .findFirst();
    return controller
        .map(
            owner ->
                "StatefulSet".equals(owner.getKind())
                    && owner.getApiVersion().startsWith("apps/")
                    && names.statefulSet().equals(owner.getName()))
        .orElseGet(
            () ->
                pod.getMetadata()
                    .getName()
                    .matches(Pattern.quote(names.statefulSet()) + "-[0-9]+"));
  }

  /** Whether the broker's container runs: only then can it serve anybody. */
  public static boolean isRunning(Pod pod) {
    return container(pod)
            .map(status -> status.getState() != null && status.getState().getRunning() != null)
            .orElse(false)
        && pod.getStatus().getPodIP() != null;
  }

  /**
   * Whether the broker's container, which is said not to run, may do so now: the kubelet tells of a
   * start about a second late.
   */
  public static boolean mayHaveStarted(Pod pod) {
    return !isRunning(pod)
        && !isEnding(pod)
        && pod.getStatus() != null
        && pod.getStatus().getPodIP() != null
        && !ENDED.contains(String.valueOf(pod.getStatus().getPhase()));
  }

  /**
   * Whether the broker's container is about to start, on its node and with nothing that holds it
   * up. It may read files of before then: the kubelet puts them there first, and tells late.
   */
  public static boolean isStarting(Pod pod) {
    return !isRunning(pod)
        && !isEnding(pod)
        && pod.getSpec() != null
        && pod.getSpec().getNodeName() != null
        && !ENDED.contains(
            String.valueOf(pod.getStatus() == null ? null : pod.getStatus().getPhase()))
        && container(pod).map(PodStates::isNotHeldUp).orElse(true);
  }

  /** A container that failed again and again, or lacks its image, waits with a reason. */
  private static boolean isNotHeldUp(ContainerStatus container) {
    var state = container.getState();
    return state == null
        || state.getWaiting() == null
        || state.getWaiting().getReason() == null
        || STARTING.contains(state.getWaiting().getReason());
  }

  public static boolean isEnding(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Where a running pod's internal listener is; the UID is another for each container. */
  public static PodEndpoint endpoint(Pod pod, BrokerNames names) {
    return new PodEndpoint(
        containerOf(pod),
        pod.getMetadata().getName(),
        pod.getStatus().getPodIP(),
        InternalListener.PORT,
        names.internalName());
  }

  /** Identifies the container that runs: another after each restart. */
  public static String containerOf(Pod pod) {
    return pod.getMetadata().getUid()
        + "/"
        + container(pod).map(ContainerStatus::getContainerID).orElse("");
  }

  /** The number at the end of a StatefulSet's pod's name; 0 is the hub. */
  public static int ordinal(Pod pod) {
    return ordinal(pod.getMetadata().getName());
  }

  public static int ordinal(String name) {
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  /** Whether it does not run, and not because it is only starting. */
  public static boolean hasFailed(Pod pod) {
    return schedulerSays(pod).isPresent()
        || container(pod).flatMap(status -> failed(pod, status)).isPresent();
  }

  public static boolean isReady(Pod pod) {
    return container(pod).map(status -> Boolean.TRUE.equals(status.getReady())).orElse(false);
  }

  /** Why pods do not run: the first reason found. */
  public static Optional<Verdict> problem(BrokerObservation seen, Instant now) {
    return seen.pods().stream().flatMap(pod -> problem(pod, seen, now).stream()).findFirst();
  }

  /** One that is being deleted ends as it was told to. */
  private static Optional<Verdict> problem(Pod pod, BrokerObservation seen, Instant now) {
    if (isEnding(pod)) {
      return Optional.empty();
    }
    return unscheduled(pod, seen)
        .filter(any -> !isNew(pod, now))
        .or(() -> container(pod).flatMap(status -> failed(pod, status)));
  }

  /** A volume is made when the first pod asks for it: until then no node takes the pod. */
  private static boolean isNew(Pod pod, Instant now) {
    var created = pod.getMetadata().getCreationTimestamp();
    return created != null && now.isBefore(Instant.parse(created).plus(UNTIL_SCHEDULED));
  }

  private static Optional<Verdict> unscheduled(Pod pod, BrokerObservation seen) {
    return schedulerSays(pod)
        .map(
            why ->
                pendingClaim(seen)
                    .filter(claim -> VOLUME_MISSING.matcher(why).find())
                    .map(claim -> volumePending(claim, why))
                    .orElseGet(() -> Verdict.no(Reason.UNSCHEDULABLE, noNode(pod, why))));
  }

  private static Verdict volumePending(String claim, String why) {
    return Verdict.no(
        Reason.VOLUME_PENDING,
        ("PersistentVolumeClaim %s has no volume: set storage.storageClassName to a class that"
                + " exists, mark a StorageClass as the default, or set storage.ephemeral. The"
                + " scheduler says: %s")
            .formatted(claim, why));
  }

  /** Why no node takes a pod, where that is so: a sentence. */
  static Optional<String> unschedulable(Pod pod) {
    return schedulerSays(pod).map(why -> noNode(pod, why));
  }

  private static String noNode(Pod pod, String why) {
    return "No node takes pod %s: %s".formatted(pod.getMetadata().getName(), why);
  }

  private static Optional<String> schedulerSays(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getConditions().stream()
        .filter(condition -> "PodScheduled".equals(condition.getType()))
        .filter(condition -> "Unschedulable".equals(condition.getReason()))
        .map(condition -> said(condition.getMessage()))
        .findFirst();
  }

  private static Optional<String> pendingClaim(BrokerObservation seen) {
    return seen.claims().stream()
        .filter(claim -> claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase()))
        .map(HasMetadata::getMetadata)
        .map(metadata -> metadata.getName())
        .findFirst();
  }

  private static Optional<Verdict> failed(Pod pod, ContainerStatus status) {
    var name = pod.getMetadata().getName();
    var waiting = status.getState() == null ? null : status.getState().getWaiting();
    if (waiting != null && IMAGE_FAILURES.contains(String.valueOf(waiting.getReason()))) {
      return Optional.of(
          Verdict.no(
              Reason.IMAGE_PULL_FAILED,
              "Pod %s: image %s cannot be pulled: %s"
                  .formatted(name, status.getImage(), said(waiting.getMessage()))));
    }
    if (status.getState() != null && status.getState().getRunning() != null) {
      return Optional.empty();
    }
    var ended =
        Optional.ofNullable(status.getState())
            .map(state -> state.getTerminated())
            .or(
                () ->
                    Optional.ofNullable(status.getLastState()).map(state -> state.getTerminated()));
    return ended.map(
        end ->
            Verdict.no(
                Reason.BROKER_FAILED,
                "Pod %s: the broker ended with exit code %d: %s"
                    .formatted(name, end.getExitCode(), said(end.getMessage()))));
  }

  private static String said(@Nullable String message) {
    return message == null ? "it gives no reason" : Conditions.tail(message, LONGEST_ERROR);
  }

  /** The broker's container, where the kubelet has told of it. */
  static Optional<ContainerStatus> container(Pod pod) {
    var statuses =
        pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
            ? List.<ContainerStatus>of()
            : pod.getStatus().getContainerStatuses();
    return statuses.stream()
        .filter(status -> BrokerNames.CONTAINER.equals(status.getName()))
        .findFirst();
  }
}
