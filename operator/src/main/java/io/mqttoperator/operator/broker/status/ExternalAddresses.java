package io.mqttoperator.operator.broker.status;

import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.Endpoint;
import io.mqttoperator.api.MqttBrokerStatus.ExternalAddress;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Ownership;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where clients connect, from what was seen of Services and pods. Pure.
 *
 * <p>Of nodes only the addresses are known that the broker's own pods tell: to read Node objects
 * would take a right on the whole cluster.
 */
final class ExternalAddresses {

  private final BrokerProfile profile;
  private final BrokerObservation seen;
  private final @Nullable MqttBrokerStatus before;

  ExternalAddresses(
      BrokerProfile profile, BrokerObservation seen, @Nullable MqttBrokerStatus before) {
    this.profile = profile;
    this.seen = seen;
    this.before = before;
  }

  /** Of each listener, in the order of the spec. */
  List<Endpoint> endpoints() {
    return profile.listeners().stream().map(this::endpoint).toList();
  }

  private Endpoint endpoint(ListenerProfile listener) {
    var external = external(listener);
    return new Endpoint(
        listener.name(),
        profile.names().host(),
        listener.servicePort(),
        listener.isEncrypted(),
        external.isEmpty() ? null : external);
  }

  /** What a user should know who waits for an address; empty where there is nothing to wait for. */
  String pending() {
    var waiting =
        profile.listeners().stream()
            .filter(listener -> external(listener).isEmpty())
            .filter(ListenerProfile::isExposed)
            .map(listener -> profile.names().exposed(listener.name()))
            .collect(Collectors.joining(", "));
    return waiting.isEmpty()
        ? ""
        : " No address from outside yet: Service %s; `kubectl describe service` says what it waits for."
            .formatted(waiting);
  }

  private List<ExternalAddress> external(ListenerProfile listener) {
    var service = service(listener);
    if (service.isEmpty()) {
      return List.of();
    }
    return switch (listener.type()) {
      case LOAD_BALANCER -> ofLoadBalancer(service.get(), listener);
      case NODE_PORT -> ofNodes(service.get(), listener);
      case CLUSTER_IP, UNKNOWN -> List.of();
    };
  }

  private Optional<Service> service(ListenerProfile listener) {
    return Optional.ofNullable(
            seen.existing().get("Service " + profile.names().exposed(listener.name())))
        .filter(found -> Ownership.isControlledBy(found, profile.broker()))
        .map(Service.class::cast);
  }

  private static List<ExternalAddress> ofLoadBalancer(Service service, ListenerProfile listener) {
    var status = service.getStatus();
    if (status == null || status.getLoadBalancer() == null) {
      return List.of();
    }
    return status.getLoadBalancer().getIngress().stream()
        .flatMap(
            ingress ->
                Stream.of(
                    Optional.ofNullable(ingress.getHostname()),
                    Optional.ofNullable(ingress.getIp())))
        .flatMap(Optional::stream)
        .filter(address -> !address.isEmpty())
        .map(address -> new ExternalAddress(address, listener.exposedPort()))
        .toList();
  }

  /** While no pod is on a node, where they were: a node passes on, wherever the next pod is. */
  private List<ExternalAddress> ofNodes(Service service, ListenerProfile listener) {
    var port =
        service.getSpec().getPorts().stream()
            .map(ServicePort::getNodePort)
            .filter(Objects::nonNull)
            .findFirst();
    if (port.isEmpty()) {
      return List.of();
    }
    var addresses =
        seen.pods().stream()
            .flatMap(ExternalAddresses::nodeAddresses)
            .filter(address -> isOfFamilies(address, service))
            .distinct()
            .sorted()
            .map(address -> new ExternalAddress(address, port.get()))
            .toList();
    return addresses.isEmpty() ? known(listener, port.get()) : addresses;
  }

  private List<ExternalAddress> known(ListenerProfile listener, int port) {
    return Stream.ofNullable(before)
        .map(MqttBrokerStatus::endpoints)
        .flatMap(Stream::ofNullable)
        .flatMap(List::stream)
        .filter(endpoint -> endpoint.listener().equals(listener.name()))
        .map(Endpoint::external)
        .flatMap(Stream::ofNullable)
        .flatMap(List::stream)
        .filter(address -> address.port() == port)
        .toList();
  }

  private static Stream<String> nodeAddresses(Pod pod) {
    var status = pod.getStatus();
    return status == null
        ? Stream.empty()
        : Stream.concat(
                Stream.ofNullable(status.getHostIP()),
                status.getHostIPs().stream().map(HostIP::getIp))
            .filter(address -> !address.isEmpty());
  }

  private static boolean isOfFamilies(String address, Service service) {
    var families = service.getSpec().getIpFamilies();
    return families.isEmpty() || families.contains(address.contains(":") ? "IPv6" : "IPv4");
  }
}
