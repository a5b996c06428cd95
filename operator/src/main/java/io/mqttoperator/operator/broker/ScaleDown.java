package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Holds a pod that is to be removed as long as sessions of clients that are away wait on it, unless
 * the broker's owner gives them up. Nobody else has what is queued for them. Pure.
 */
final class ScaleDown {

  private ScaleDown() {}

  /** What a pod says of the sessions on it. */
  interface Sessions {
    /** How many wait for a client that is not connected; empty if the pod does not tell. */
    OptionalInt awayOn(Pod pod) throws InterruptedException;
  }

  /** Why no pod may be removed now; empty if none is to be, or all of them may. */
  static Optional<Verdict> refuse(BrokerProfile profile, BrokerObservation seen, Sessions sessions)
      throws InterruptedException {
    if ("true".equals(Drift.annotations(profile.broker()).get(Labels.SKIP_SCALE_DOWN_CHECK))) {
      return Optional.empty();
    }
    var present = seen.statefulSet().map(set -> set.getSpec().getReplicas()).orElse(0);
    var held = new ArrayList<String>();
    for (var pod : seen.pods()) {
      var ordinal = PodStates.ordinal(pod);
      if (ordinal >= profile.replicas() && ordinal < present && !PodStates.isEnding(pod)) {
        held(pod, profile, seen, sessions).ifPresent(held::add);
      }
    }
    return held.isEmpty() ? Optional.empty() : Optional.of(verdict(profile, held));
  }

  private static Optional<String> held(
      Pod pod, BrokerProfile profile, BrokerObservation seen, Sessions sessions)
      throws InterruptedException {
    var name = pod.getMetadata().getName();
    if (!PodStates.isRunning(pod)) {
      return hasVolume(pod, profile, seen)
          ? Optional.of(name + " does not run, so nobody can tell which sessions it has")
          : Optional.empty();
    }
    var away = sessions.awayOn(pod);
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
    return Verdict.no(
        Reason.SESSIONS_REMAIN,
        ("spec.replicas: %d would remove pods with sessions of clients that are not connected, and"
                + " what is queued for them: %s. It goes on when they have ended or expired. Or set"
                + " spec.replicas back; or give them up (volumes stay): kubectl annotate"
                + " mqttbroker/%s %s=true")
            .formatted(
                profile.replicas(),
                String.join("; ", held),
                profile.names().broker(),
                Labels.SKIP_SCALE_DOWN_CHECK));
  }
}
