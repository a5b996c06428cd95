package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the Services through which listeners are reached from outside of the cluster, each by
 * itself: one that the API server refuses, because its port is taken, say, holds back nothing else.
 */
public final class ExposurePass {

  private final Applier applier;

  public ExposurePass(Applier applier) {
    this.applier = applier;
  }

  /** Whether all that are asked for are as they are asked for; else the first that is not. */
  public Verdict write(BrokerProfile profile, BrokerObservation seen) {
    var blueprint = new ServiceBlueprint(profile);
    // First, so that a port on the nodes can go from a listener that leaves to one that comes.
    deleteOthers(profile, seen);
    return profile.listeners().stream()
        .filter(ListenerProfile::isExposed)
        .map(listener -> write(blueprint.exposed(listener), listener, profile, seen))
        .flatMap(Optional::stream)
        .reduce((first, later) -> first)
        .orElseGet(() -> Verdict.yes(Reason.ACCEPTED, "All listeners are exposed as asked for."));
  }

  private Optional<Verdict> write(
      Service desired, ListenerProfile listener, BrokerProfile profile, BrokerObservation seen) {
    return WorkloadPass.guarded(
        () -> {
          applier.apply(desired, Existing.of(desired, seen), profile.broker());
          return Optional.empty();
        },
        refusal ->
            Optional.of(
                Verdict.no(
                    refusal.reason(),
                    "spec.listeners, %s, service: %s"
                        .formatted(listener.name(), refusal.message()))));
  }

  /** Those of ours that nobody asks for any more. */
  private void deleteOthers(BrokerProfile profile, BrokerObservation seen) {
    var wanted = wanted(profile);
    seen.existing().values().stream()
        .filter(Service.class::isInstance)
        .filter(service -> !wanted.contains(service.getMetadata().getName()))
        .filter(service -> Ownership.isControlledBy(service, profile.broker()))
        .filter(service -> !isBeingDeleted(service))
        .forEach(applier::delete);
  }

  private static Set<String> wanted(BrokerProfile profile) {
    var names = new HashSet<String>();
    names.add(profile.names().service());
    names.add(profile.names().podsService());
    profile.listeners().stream()
        .filter(ListenerProfile::isExposed)
        .forEach(listener -> names.add(profile.names().exposed(listener.name())));
    return names;
  }

  /** A cloud holds a Service back until its load balancer is gone. */
  private static boolean isBeingDeleted(HasMetadata service) {
    return Objects.nonNull(service.getMetadata().getDeletionTimestamp());
  }
}
