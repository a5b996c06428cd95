package io.mqttoperator.e2e.outage;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The broker {@code fleet} of a namespace, to which things are done. */
final class BrokerUnderChange implements AutoCloseable {

  static final String NAME = "fleet";

  /** Of a rollout over several pods on a machine that does much else. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Duration LOOK = Duration.ofMillis(10);

  private final Cluster cluster;
  private final Broker broker;
  private final View view;
  private final Routes routes;
  private BrokerSpec spec;

  BrokerUnderChange(Cluster cluster, int replicas) {
    this.cluster = cluster;
    broker = cluster.broker(NAME);
    view = new View(cluster.client(), cluster.namespace());
    routes = new Routes(broker, view);
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

  Routes routes() {
    return routes;
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
    var isReady = isReady("MqttBroker", NAME);
    long generation = cluster.get("MqttBroker", NAME).getMetadata().getGeneration();
    return () -> {
      requireAccepted(generation);
      return isReady.getAsBoolean();
    };
  }

  /** What is refused never becomes Ready. */
  private void requireAccepted(long generation) {
    view.resource("MqttBroker", NAME)
        .filter(found -> observed(found) >= generation)
        .flatMap(found -> Condition.of(found, "Accepted"))
        .filter(accepted -> "False".equals(accepted.status()))
        .ifPresent(
            accepted -> {
              throw new IllegalStateException(
                  "%s: %s".formatted(accepted.reason(), accepted.message()));
            });
  }

  /** Takes back a change that came to nothing. */
  void restore(BrokerSpec former) {
    spec = former;
    cluster.apply(manifest());
  }

  /** Asks for the end of a user or an ACL, and does not wait. */
  void delete(String kind, String name) {
    var unused =
        cluster
            .client()
            .genericKubernetesResources(View.API, kind)
            .inNamespace(cluster.namespace())
            .withName(name)
            .delete();
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

  void awaitSettled(String when) {
    await("the broker is settled " + when, this::isSettled);
  }

  static void await(String what, BooleanSupplier isSo) {
    Awaitility.await(what).atMost(LIMIT).pollInterval(LOOK).until(isSo::getAsBoolean);
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

  /** The Mosquitto that runs in each pod: another one also where the pod is the same. */
  Map<String, String> processes() {
    return view.pods(NAME).stream()
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(),
                pod ->
                    BrokerProcess.of(pod.getMetadata().getUid())
                        .map(BrokerProcess::toString)
                        .orElse("")));
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

  @Override
  public void close() {
    view.close();
  }
}
