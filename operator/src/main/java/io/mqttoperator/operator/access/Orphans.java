package io.mqttoperator.operator.access;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;

/** What is said of users and ACLs whose broker is not there. */
public final class Orphans {

  private Orphans() {}

  /** The verdict for {@code Accepted}. */
  public static Verdict brokerNotFound(String name) {
    return Verdict.no(
        Reason.BROKER_NOT_FOUND,
        "spec.brokerRef: there is no MqttBroker %s in this namespace.".formatted(name));
  }
}
