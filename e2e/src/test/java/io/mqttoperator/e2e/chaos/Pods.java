package io.mqttoperator.e2e.chaos;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The broker's pods as a watch shows them: known, too, while the API server is away. */
final class Pods implements AutoCloseable {

  static final String BROKER = "broker";

  private static final String CONTAINER = "mosquitto";

  private final Broker broker;
  private final SharedIndexInformer<Pod> informer;

  Pods(Cluster cluster, Broker broker) {
    this.broker = broker;
    informer =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withLabel("app.kubernetes.io/component", BROKER)
            .inform();
  }

  /**
   * One life of a pod's broker.
   *
   * @param container another after each restart of the broker
   */
  record Member(
      String name, String uid, String container, InetSocketAddress address, boolean isReady) {

    int ordinal() {
      return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    boolean isSameLife(Member other) {
      return uid.equals(other.uid) && container.equals(other.container);
    }
  }

  /** Those whose broker runs, in their order. */
  List<Member> running() {
    return informer.getStore().list().stream()
        .flatMap(pod -> member(pod).stream())
        .sorted(Comparator.comparing(Member::name))
        .toList();
  }

  List<Member> ready() {
    return running().stream().filter(Member::isReady).toList();
  }

  Optional<Member> member(int ordinal) {
    return running().stream().filter(member -> member.ordinal() == ordinal).findFirst();
  }

  /** Whether a pod is ready, and has been since {@code before}. */
  boolean isStillReady(Member before) {
    return ready().stream().anyMatch(before::isSameLife);
  }

  private Optional<Member> member(Pod pod) {
    var status = pod.getStatus();
    if (status == null || status.getPodIP() == null) {
      return Optional.empty();
    }
    return status.getContainerStatuses().stream()
        .filter(container -> CONTAINER.equals(container.getName()))
        .filter(container -> container.getState() != null)
        .filter(container -> container.getState().getRunning() != null)
        .findFirst()
        .map(container -> member(pod, container));
  }

  private Member member(Pod pod, ContainerStatus container) {
    return new Member(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        Objects.requireNonNullElse(container.getContainerID(), ""),
        broker.address(pod.getStatus().getPodIP(), Broker.DEFAULT_PORT),
        pod.getMetadata().getDeletionTimestamp() == null && isReady(pod));
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  @Override
  public void close() {
    informer.close();
  }
}
