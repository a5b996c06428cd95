package io.mqttoperator.operator.access;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.Verdict;

/** What is said of users and ACLs whose broker is not there. */
public final class Orphans {

  private Orphans() {}

  /**
   * The verdict for {@code Accepted}. From another namespace a broker that is missing and one that
   * does not take its users look the same.
   *
   * @param own the namespace of the user or ACL
   */
  public static Verdict brokerNotFound(String own, ResourceKey broker) {
    return broker.namespace().equals(own)
        ? notFound(broker.name())
        : UserRules.notAllowed(own, broker.namespace());
  }

  private static Verdict notFound(String name) {
    return Verdict.no(
        Reason.BROKER_NOT_FOUND,
        "spec.brokerRef: there is no MqttBroker %s in this namespace.".formatted(name));
  }
}
