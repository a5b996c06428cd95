package io.mqttoperator.operator.broker.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.certificates.Bridge;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.objects.BridgeContainer;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mqtt.PodConnections;
import io.mqttoperator.operator.mqtt.PodEndpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Which bridges are connected at both of their ends, by the account's name as each pod tells it.
 *
 * @param connected by the pod's name
 */
public record BridgeStates(List<Bridge> bridges, Map<String, Set<String>> connected) {

  /** As the pods have told by now. */
  static BridgeStates of(
      BrokerSecrets secrets, BrokerNames names, List<Pod> pods, PodConnections connections)
      throws InterruptedException {
    var connected = new HashMap<String, Set<String>>();
    var bridges = secrets.internal().bridges();
    if (!bridges.isEmpty()) {
      for (var pod : pods.stream().filter(PodStates::isRunning).toList()) {
        connected.put(
            pod.getMetadata().getName(), ask(connections, PodStates.endpoint(pod, names)));
      }
    }
    return new BridgeStates(bridges, connected);
  }

  private static Set<String> ask(PodConnections connections, PodEndpoint pod)
      throws InterruptedException {
    try {
      return connections.bridges(pod).get();
    } catch (ExecutionException impossible) {
      return Set.of();
    }
  }

  /** Whether a pod exchanges messages with the others; the hub needs no bridge. */
  boolean joins(Pod pod, BrokerNames names) {
    return bridges.stream()
        .filter(bridge -> bridge.ordinal() == PodStates.ordinal(pod))
        .allMatch(bridge -> isConnected(bridge, names));
  }

  private boolean isConnected(Bridge bridge, BrokerNames names) {
    var account = bridge.account().value();
    return List.of(names.pod(0), names.pod(bridge.ordinal())).stream()
        .allMatch(pod -> connected.getOrDefault(pod, Set.of()).contains(account));
  }

  /**
   * Whether all are connected, but for those of pods that are to go.
   *
   * @param replicas the pods that are wanted
   */
  public Verdict verdict(BrokerNames names, int replicas) {
    return bridges.stream()
        .filter(bridge -> bridge.ordinal() < replicas && !isConnected(bridge, names))
        .findFirst()
        .map(
            bridge ->
                Verdict.no(
                    Reason.BRIDGE_DISCONNECTED,
                    ("The bridge of pod %s is not connected to both brokers: what is published"
                            + " waits in its queue. If that lasts, its log tells why: kubectl logs"
                            + " %s -c %s.")
                        .formatted(
                            names.pod(bridge.ordinal()),
                            names.pod(bridge.ordinal()),
                            BridgeContainer.NAME)))
        .orElseGet(() -> Verdict.yes(Reason.READY, "All bridges are connected."));
  }
}
