package io.mqttoperator.operator.broker.status;

import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.broker.objects.WorkloadPass;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionChoice;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a change reloads brokers, starts them anew or replaces their pods, to be said before it
 * does. Pure.
 */
public final class ChangeEffect {

  private ChangeEffect() {}

  /** How a change of the spec takes effect; empty where there is none, or none that is accepted. */
  public static Optional<Verdict> of(
      BrokerProfile profile, RevisionChoice choice, BrokerObservation seen) {
    if (choice.refusal().isPresent()) {
      return Optional.empty();
    }
    if (WorkloadPass.restarts(profile, choice.needs(), seen)) {
      return Optional.of(Verdict.no(Reason.RESTARTING, restarts(profile.replicas())));
    }
    if (choice.startsAnew(seen)) {
      return Optional.of(Verdict.no(Reason.RESTARTING, startsAnew(profile.replicas())));
    }
    return choice.isNew(seen) && isChanged(profile.broker())
        ? Optional.of(
            Verdict.no(
                Reason.APPLYING,
                "The change takes effect by a reload: no pod restarts, and no client is"
                    + " disconnected by it."))
        : Optional.empty();
  }

  private static String restarts(int replicas) {
    return replicas == 1
        ? "The change restarts the pod: its clients are disconnected once, and cannot connect until"
            + " it runs again."
        : "The change restarts the pods, one at a time, the hub last: each client is disconnected"
            + " when its pod restarts.";
  }

  private static String startsAnew(int replicas) {
    return replicas == 1
        ? "The change restarts Mosquitto inside the pod: its clients are disconnected once, for less"
            + " than a second as a rule, and keep their sessions."
        : "The change restarts Mosquitto inside the pods, one at a time, the hub last: each client is"
            + " disconnected once, for less than a second as a rule, and keeps its session.";
  }

  private static boolean isChanged(MqttBroker broker) {
    return broker.getStatus() != null
        && !Objects.equals(
            broker.getStatus().observedGeneration(), broker.getMetadata().getGeneration());
  }
}
