package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.mqttoperator.api.ListenerService;
import io.mqttoperator.api.ServiceType;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Labels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a broker is reached: its Services. Pure.
 *
 * <p>What is not asked for is left out, so that it stays the API server's or a cloud's to fill in.
 */
final class ServiceBlueprint {

  private final BrokerProfile profile;

  ServiceBlueprint(BrokerProfile profile) {
    this.profile = profile;
  }

  /**
   * Each listener, under its name, balanced over the ready pods; also those that have a Service of
   * their own, so that a listener's address in the cluster, and what the server certificate names,
   * do not depend on how it is reached from outside. A session lives on one pod: a client comes
   * back to the one that it had, as far as a Service can tell by its address.
   */
  Service service() {
    return new ServiceBuilder()
        .withMetadata(
            SecretBlueprint.metadata(
                profile, profile.names().service(), "listeners", annotations()))
        .withNewSpec()
        .withType(ServiceType.CLUSTER_IP.value())
        .withIpFamilyPolicy(shared(ListenerService::ipFamilyPolicy))
        .withIpFamilies(shared(ListenerService::ipFamilies))
        .withSessionAffinity(profile.replicas() > 1 ? "ClientIP" : "None")
        .withSelector(Labels.selector(profile.names().broker()))
        .withPorts(ports(ListenerProfile::servicePort))
        .endSpec()
        .build();
  }

  /** A name for each pod, also before it is ready. */
  Service podsService() {
    return new ServiceBuilder()
        .withMetadata(
            SecretBlueprint.metadata(profile, profile.names().podsService(), "pods", Map.of()))
        .withNewSpec()
        .withType(ServiceType.CLUSTER_IP.value())
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(Labels.selector(profile.names().broker()))
        .withPorts(ports(ListenerProfile::port))
        .endSpec()
        .build();
  }

  /** Of a listener that is reached from outside of the cluster. */
  Service exposed(ListenerProfile listener) {
    var asked = listener.service();
    var annotations = asked.annotations() == null ? Map.<String, String>of() : asked.annotations();
    return new ServiceBuilder()
        .withMetadata(
            SecretBlueprint.metadata(
                profile, profile.names().exposed(listener.name()), "exposed-listener", annotations))
        .withNewSpec()
        .withType(listener.type().value())
        .withLoadBalancerClass(asked.loadBalancerClass())
        .withLoadBalancerSourceRanges(asked.loadBalancerSourceRanges())
        .withExternalTrafficPolicy(asked.externalTrafficPolicy())
        .withIpFamilyPolicy(asked.ipFamilyPolicy())
        .withIpFamilies(asked.ipFamilies())
        .withSessionAffinity(affinity(listener.type()))
        .withSelector(Labels.selector(profile.names().broker()))
        .withPorts(port(listener, listener.exposedPort()).withNodePort(asked.nodePort()).build())
        .endSpec()
        .build();
  }

  /**
   * AWS refuses to make a load balancer with {@code ClientIP} ("unsupported load balancer
   * affinity", cloud-provider-aws), and one that connects under its own address would lead all
   * clients to one pod.
   */
  private String affinity(ServiceType type) {
    return profile.replicas() > 1 && type != ServiceType.LOAD_BALANCER ? "ClientIP" : "None";
  }

  /** Of all who share the Service; the schema sees to it that they agree. */
  private Map<String, String> annotations() {
    var all = new TreeMap<String, String>();
    inCluster()
        .map(ListenerService::annotations)
        .flatMap(Stream::ofNullable)
        .forEach(asked -> asked.forEach(all::putIfAbsent));
    return all;
  }

  private <T> @Nullable T shared(Function<ListenerService, @Nullable T> field) {
    return inCluster().map(field).flatMap(Stream::ofNullable).findFirst().orElse(null);
  }

  private Stream<ListenerService> inCluster() {
    return profile.listeners().stream()
        .filter(listener -> !listener.isExposed())
        .map(ListenerProfile::service);
  }

  private List<ServicePort> ports(ToIntFunction<ListenerProfile> number) {
    return profile.listeners().stream()
        .map(listener -> port(listener, number.applyAsInt(listener)).build())
        .toList();
  }

  private static ServicePortBuilder port(ListenerProfile listener, int number) {
    return new ServicePortBuilder()
        .withName(listener.name())
        .withProtocol("TCP")
        .withPort(number)
        .withTargetPort(new IntOrString(listener.port()));
  }
}
