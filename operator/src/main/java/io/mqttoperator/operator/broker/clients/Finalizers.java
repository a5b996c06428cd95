package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Contained;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Writes;
import java.util.ArrayList;

/**
 * Holds users and ACLs back from vanishing before every pod is proven to be without them. {@code
 * Departures} lets them go.
 */
public final class Finalizers {

  private final Applier applier;
  private final Writes writes;

  public Finalizers(Applier applier, Writes writes) {
    this.applier = applier;
    this.writes = writes;
  }

  /** Gives those ACLs theirs that the broker takes. */
  public void addToAcls(BrokerObservation seen) throws InterruptedException {
    var unheld =
        seen.acls().stream()
            .filter(acl -> seen.tenancy().admits(acl.getMetadata().getNamespace()))
            .filter(Finalizers::isMissing)
            .toList();
    writes.forEach(unheld, acl -> Contained.of(acl, () -> add(acl)).isPresent());
  }

  /** Answers whether it was there already. */
  boolean add(HasMetadata resource) {
    if (!isMissing(resource)) {
      return true;
    }
    var finalizers = new ArrayList<>(resource.getFinalizers());
    finalizers.add(Labels.FINALIZER);
    applier.setFinalizers(resource, finalizers);
    return false;
  }

  private static boolean isMissing(HasMetadata resource) {
    return resource.getMetadata().getDeletionTimestamp() == null
        && !resource.getFinalizers().contains(Labels.FINALIZER);
  }
}
