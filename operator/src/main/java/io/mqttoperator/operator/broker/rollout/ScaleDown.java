package io.mqttoperator.operator.broker.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Holds a pod that is to be removed as long as sessions of clients that are away wait on it, unless
 * the broker's owner gives them up. Nobody else has what is queued for them.
 */
public final class ScaleDown {

  /** Pods tell every ten seconds (Mosquitto's {@code sys_interval}): so long a count may be old. */
  static final Duration UNTIL_ALL_HAVE_TOLD = Duration.ofSeconds(12);

  private final Sessions sessions;
  private final Clock clock;

  public ScaleDown(Sessions sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /** What a pod says of the sessions on it. */
  public interface Sessions {
    /** How many wait for a client that is not connected; empty if the pod does not tell. */
    OptionalInt awayOn(Pod pod, BrokerNames names) throws InterruptedException;
  }

  /** Why no pod may be removed now; empty if none is to be, or all of them may. */
  public Optional<Verdict> refuse(BrokerProfile profile, BrokerObservation seen, PodMemory memory)
      throws InterruptedException {
    var going = going(profile, seen);
    var asked = memory.scaleDownAsked(!going.isEmpty(), clock.instant());
    if (going.isEmpty() || isSkipped(profile)) {
      return Optional.empty();
    }
    var held = new ArrayList<String>();
    for (var pod : going) {
      held(pod, profile, seen).ifPresent(held::add);
    }
    if (!held.isEmpty()) {
      return Optional.of(verdict(profile, held));
    }
    return asked.compareTo(UNTIL_ALL_HAVE_TOLD) < 0 && going.stream().anyMatch(PodStates::isRunning)
        ? Optional.of(notYetTold(profile))
        : Optional.empty();
  }

  private static List<Pod> going(BrokerProfile profile, BrokerObservation seen) {
    var present = seen.statefulSet().map(set -> set.getSpec().getReplicas()).orElse(0);
    return seen.pods().stream()
        .filter(pod -> PodStates.ordinal(pod) >= profile.replicas())
        .filter(pod -> PodStates.ordinal(pod) < present)
        .filter(pod -> !PodStates.isEnding(pod))
        .toList();
  }

  private static boolean isSkipped(BrokerProfile profile) {
    return "true".equals(Drift.annotations(profile.broker()).get(Labels.SKIP_SCALE_DOWN_CHECK));
  }

  private static Verdict notYetTold(BrokerProfile profile) {
    return Verdict.unknown(
        Reason.SESSIONS_REMAIN,
        ("spec.replicas: %d removes pods. They tell every ten seconds whether sessions of clients"
                + " that are not connected wait on them: that is awaited.")
            .formatted(profile.replicas()));
  }

  private Optional<String> held(Pod pod, BrokerProfile profile, BrokerObservation seen)
      throws InterruptedException {
    var name = pod.getMetadata().getName();
    if (!PodStates.isRunning(pod)) {
      return hasVolume(pod, profile, seen)
          ? Optional.of(name + " does not run, so nobody can tell which sessions it has")
          : Optional.empty();
    }
    var away = sessions.awayOn(pod, profile.names());
    if (away.isEmpty()) {
      return Optional.of(name + " has not yet told which sessions it has");
    }
    return away.getAsInt() == 0
        ? Optional.empty()
        : Optional.of("%s has %d".formatted(name, away.getAsInt()));
  }

  private static boolean hasVolume(Pod pod, BrokerProfile profile, BrokerObservation seen) {
    var name = profile.names().dataClaim(PodStates.ordinal(pod));
    return seen.claims().stream()
        .filter(claim -> name.equals(claim.getMetadata().getName()))
        .anyMatch(
            claim -> claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase()));
  }

  private static Verdict verdict(BrokerProfile profile, List<String> held) {
    var names = profile.names();
    return Verdict.no(
        Reason.SESSIONS_REMAIN,
        ("spec.replicas: %d would remove pods with sessions of clients that are not connected, and"
                + " what is queued for them: %s. A client takes up its session at the pod's own"
                + " name, such as %s. It goes on when none is left. Or set spec.replicas back; or"
                + " give them up (volumes stay): kubectl annotate mqttbroker/%s %s=true")
            .formatted(
                profile.replicas(),
                String.join("; ", held),
                names.podHost(profile.replicas()),
                names.broker(),
                Labels.SKIP_SCALE_DOWN_CHECK));
  }
}
