package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;

/** The broker {@code fleet} of a namespace, to which things are done. */
final class BrokerUnderChange implements AutoCloseable {

  static final String NAME = "fleet";

  private static final int CONNECT_SECONDS = 1;

  private final Cluster cluster;
  private final Broker broker;
  private final View view;
  private BrokerSpec spec;
  private volatile Trust trust = new Trust("", Optional.empty());

  private record Trust(String pem, Optional<TrustManagerFactory> managers) {}

  BrokerUnderChange(Cluster cluster, int replicas) {
    this.cluster = cluster;
    broker = cluster.broker(NAME);
    view = new View(cluster.client(), cluster.namespace());
    spec = BrokerSpec.of(replicas);
  }

  Cluster cluster() {
    return cluster;
  }

  Broker broker() {
    return broker;
  }

  View view() {
    return view;
  }

  BrokerSpec spec() {
    return spec;
  }

  String manifest() {
    return Serialization.asYaml(
        Map.of(
            "apiVersion",
            "mqttoperator.io/v1alpha1",
            "kind",
            "MqttBroker",
            "metadata",
            Map.of("name", NAME),
            "spec",
            Serialization.unmarshal(spec.yaml(), Map.class)));
  }

  /**
   * Applies a changed spec.
   *
   * @return whether it is Ready
   */
  BooleanSupplier change(UnaryOperator<BrokerSpec> change) {
    var former = spec;
    spec = change.apply(former);
    try {
      cluster.apply(manifest());
    } catch (RuntimeException refused) {
      spec = former;
      throw refused;
    }
    return isReady("MqttBroker", NAME);
  }

  /** Takes back a change that came to nothing. */
  void restore(BrokerSpec former) {
    spec = former;
    cluster.apply(manifest());
  }

  /** Whether the object is Ready, at the generation that it has now or a later one. */
  BooleanSupplier isReady(String kind, String name) {
    long generation = cluster.get(kind, name).getMetadata().getGeneration();
    return () ->
        view.resource(kind, name)
            .filter(found -> observed(found) >= generation && isReady(found))
            .isPresent();
  }

  private static long observed(GenericKubernetesResource resource) {
    return resource.get("status", "observedGeneration") instanceof Number number
        ? number.longValue()
        : -1;
  }

  private static boolean isReady(GenericKubernetesResource resource) {
    List<Map<String, Object>> conditions = resource.get("status", "conditions");
    return conditions != null
        && conditions.stream()
            .anyMatch(one -> "Ready".equals(one.get("type")) && "True".equals(one.get("status")));
  }

  /** Whether the broker is Ready, and all its pods are there and of the newest template. */
  boolean isSettled() {
    var pods = view.pods(NAME);
    var template =
        view.set(NAME)
            .filter(
                set ->
                    Objects.equals(
                        set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration()))
            .map(set -> set.getStatus().getUpdateRevision());
    return template.isPresent()
        && pods.size() == spec.replicas()
        && pods.stream().allMatch(pod -> isReady(pod) && isOf(pod, template.get()))
        && view.resource("MqttBroker", NAME)
            .filter(found -> observed(found) == found.getMetadata().getGeneration())
            .filter(BrokerUnderChange::isReady)
            .isPresent();
  }

  static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus().getConditions().stream()
            .anyMatch(one -> "Ready".equals(one.getType()) && "True".equals(one.getStatus()));
  }

  private static boolean isOf(Pod pod, String template) {
    return template.equals(pod.getMetadata().getLabels().get("controller-revision-hash"));
  }

  static String pod(int ordinal) {
    return NAME + "-" + ordinal;
  }

  /** What tells each pod whose broker was restarted from one that was not, by the pod's name. */
  Map<String, String> incarnations() {
    return view.pods(NAME).stream()
        .collect(
            Collectors.toMap(pod -> pod.getMetadata().getName(), BrokerUnderChange::incarnation));
  }

  private static String incarnation(Pod pod) {
    var restarts =
        pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals("mosquitto"))
            .map(ContainerStatus::getRestartCount)
            .findFirst()
            .orElse(0);
    return pod.getMetadata().getUid() + " " + restarts;
  }

  /** Of the access files; empty before the first. */
  String revision() {
    return view.resource("MqttBroker", NAME)
        .<String>map(found -> found.get("status", "access", "revision"))
        .orElse("");
  }

  /** The way to one pod by its own name. */
  Route toPod(int ordinal) {
    return () ->
        view.pod(pod(ordinal))
            .map(found -> found.getStatus().getPodIP())
            .map(ip -> transport(ip, Broker.DEFAULT_PORT));
  }

  /** The way to any pod, by the Service. */
  Route toService() {
    return () ->
        view.service(NAME)
            .map(
                service ->
                    transport(
                        service.getSpec().getClusterIP(),
                        service.getSpec().getPorts().stream()
                            .filter(port -> port.getName().equals(BrokerSpec.CLIENTS))
                            .findFirst()
                            .orElseThrow()
                            .getPort()));
  }

  private MqttClientTransportConfig transport(String ip, int port) {
    try {
      var bytes = InetAddress.getByName(ip).getAddress();
      return MqttClientTransportConfig.builder()
          .serverAddress(
              new InetSocketAddress(InetAddress.getByAddress(broker.host(), bytes), port))
          .socketConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
          .sslConfig(MqttClientSslConfig.builder().trustManagerFactory(trusted()).build())
          .build();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("not an address: " + ip, e);
    }
  }

  /** Read again when it has changed, as by a device that is given the new bundle. */
  private TrustManagerFactory trusted() {
    var pem =
        view.configMap(NAME + "-trust").map(found -> found.getData().get("ca.crt")).orElseThrow();
    var known = trust;
    if (known.pem().equals(pem)) {
      return known.managers().orElseThrow();
    }
    var managers = Broker.trust(pem);
    trust = new Trust(pem, Optional.of(managers));
    return managers;
  }

  @Override
  public void close() {
    view.close();
  }
}
