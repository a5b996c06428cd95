package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.ExternalAddress;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The Services of listeners that are reached from outside, on a real kube-apiserver. Ports on the
 * nodes that are asked for are of the first 86, which it gives to nobody who asks for none.
 */
class ExposureTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String BOTH =
      """
      {listeners: [
        {name: inside, port: 8883, service: {annotations: {example.com/a: '1'}}},
        {name: nodes, port: 8885, service: {type: NodePort, port: 8883, externalTrafficPolicy: Local}},
        {name: world, port: 8886, service: {type: LoadBalancer, port: 443,
          annotations: {example.com/scheme: internal}, loadBalancerClass: example.com/one,
          loadBalancerSourceRanges: [203.0.113.0/24], externalTrafficPolicy: Local, ipFamilies: [IPv4]}}]}
      """;

  private final Fleet fleet = Fleet.in(API);
  private final RunningOperator operator = API.operator(fleet.namespace());

  @AfterEach
  void close() {
    operator.close();
  }

  private Service service(String name) {
    return fleet.get(Service.class, name);
  }

  private void eventually(String name, ThrowingConsumer<Service> assertion) {
    await("Service " + name)
        .atMost(Fleet.BOUND)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertion.accept(service(name)));
  }

  private List<ExternalAddress> external(String listener) {
    return fleet.status(MqttBrokerStatus::endpoints).stream()
        .filter(endpoint -> endpoint.listener().equals(listener))
        .flatMap(endpoint -> java.util.stream.Stream.ofNullable(endpoint.external()))
        .flatMap(List::stream)
        .toList();
  }

  private void edit(String name, UnaryOperator<Service> change) {
    API.client().services().inNamespace(fleet.namespace()).withName(name).edit(change);
  }

  private void patch(String name, String merge) {
    API.client()
        .services()
        .inNamespace(fleet.namespace())
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }

  /** As a cloud controller does. */
  private void giveAddress(String name, String ip) {
    API.client()
        .services()
        .inNamespace(fleet.namespace())
        .withName(name)
        .editStatus(
            seen ->
                new ServiceBuilder(seen)
                    .withNewStatus()
                    .withNewLoadBalancer()
                    .withIngress(new LoadBalancerIngressBuilder().withIp(ip).build())
                    .endLoadBalancer()
                    .endStatus()
                    .build());
  }

  private void assertNoWrite() {
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              var before = operator.requests().writes().size();
              var ended = operator.passes() + 1;
              operator.wake(fleet.namespace(), Fleet.BROKER);
              await().until(() -> operator.passes() >= ended);
              return operator.requests().writes().size() == before;
            });
  }

  @Test
  void eachHasAServiceOfItsOwnAndAllHaveTheOneInTheCluster() {
    fleet.broker(BOTH);
    fleet.awaitAccepted();
    assertThat(service("fleet").getSpec().getType()).isEqualTo("ClusterIP");
    assertThat(service("fleet").getMetadata().getAnnotations()).containsEntry("example.com/a", "1");
    assertThat(service("fleet").getSpec().getPorts())
        .extracting(port -> port.getName() + ":" + port.getPort())
        .containsExactly("inside:8883", "nodes:8885", "world:8886");
    var nodes = service("fleet-nodes").getSpec();
    assertThat(nodes.getType()).isEqualTo("NodePort");
    assertThat(nodes.getExternalTrafficPolicy()).isEqualTo("Local");
    assertThat(nodes.getPorts())
        .singleElement()
        .satisfies(
            port -> {
              assertThat(port.getName()).isEqualTo("nodes");
              assertThat(port.getPort()).isEqualTo(8883);
              assertThat(port.getTargetPort().getIntVal()).isEqualTo(8885);
              assertThat(port.getNodePort()).isBetween(30000, 32767);
            });
    var world = service("fleet-world");
    assertThat(world.getMetadata().getAnnotations())
        .containsEntry("example.com/scheme", "internal");
    assertThat(world.getSpec().getType()).isEqualTo("LoadBalancer");
    assertThat(world.getSpec().getLoadBalancerClass()).isEqualTo("example.com/one");
    assertThat(world.getSpec().getLoadBalancerSourceRanges()).containsExactly("203.0.113.0/24");
    assertThat(world.getSpec().getPorts().getFirst().getPort()).isEqualTo(443);
    assertNoWrite();
  }

  @Test
  void theTypeChangesInPlaceAndAServiceThatNobodyAsksForGoes() {
    fleet.broker("{replicas: 2, listeners: [{name: a, port: 8883, service: {type: NodePort}}]}");
    fleet.awaitAccepted();
    var made = service("fleet-a");
    assertThat(made.getSpec().getSessionAffinity()).isEqualTo("ClientIP");
    fleet.broker(
        "{replicas: 2, listeners: [{name: a, port: 8883, service: {type: LoadBalancer}}]}");
    eventually("fleet-a", seen -> assertThat(seen.getSpec().getType()).isEqualTo("LoadBalancer"));
    assertThat(service("fleet-a").getSpec().getSessionAffinity()).isEqualTo("None");
    assertThat(service("fleet-a").getMetadata().getUid()).isEqualTo(made.getMetadata().getUid());
    assertThat(service("fleet-a").getSpec().getPorts().getFirst().getNodePort())
        .isEqualTo(made.getSpec().getPorts().getFirst().getNodePort());
    fleet.broker("{replicas: 2, listeners: [{name: a, port: 8883}]}");
    fleet.awaitGone(Service.class, "fleet-a");
    assertThat(fleet.find(Service.class, "fleet")).isPresent();
    assertThat(fleet.find(Service.class, "fleet-pods")).isPresent();
    fleet.awaitAccepted();
    assertNoWrite();
  }

  /** Also from a listener that is renamed, whose Service has to go first. */
  @Test
  void aNodePortCanGoToAnotherListener() {
    fleet.broker(
        "{listeners: [{name: a, port: 8883, service: {type: NodePort, nodePort: 30011}}]}");
    fleet.awaitAccepted();
    fleet.broker(
        "{listeners: [{name: b, port: 8883, service: {type: NodePort, nodePort: 30011}}]}");
    fleet.awaitAccepted();
    eventually(
        "fleet-b",
        seen -> assertThat(seen.getSpec().getPorts().getFirst().getNodePort()).isEqualTo(30011));
    fleet.awaitGone(Service.class, "fleet-a");
  }

  @Test
  void aLoadBalancersAddressIsSaidAsSoonAsItIsThere() {
    fleet.broker(BOTH);
    fleet.awaitAccepted();
    assertThat(external("world")).isEmpty();
    giveAddress("fleet-world", "203.0.113.9");
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () ->
                assertThat(external("world"))
                    .containsExactly(new ExternalAddress("203.0.113.9", 443)));
    assertNoWrite();
  }

  /** A cloud's controller writes into the Service, too: neither undoes what the other does. */
  @Test
  void whatACloudFillsInStays() {
    fleet.broker(BOTH);
    fleet.awaitAccepted();
    giveAddress("fleet-world", "203.0.113.9");
    patch(
        "fleet-world",
        """
        {"metadata": {"annotations": {"cloud.example.com/id": "7"},
                      "finalizers": ["service.kubernetes.io/load-balancer-cleanup"]},
         "spec": {"allocateLoadBalancerNodePorts": true, "internalTrafficPolicy": "Cluster"}}
        """);
    assertNoWrite();
    var before = service("fleet-world");
    fleet.broker(
        BOTH.replace("internal,", "internet-facing,").replace("scheme: internal", "scheme: open"));
    eventually(
        "fleet-world",
        seen ->
            assertThat(seen.getMetadata().getAnnotations())
                .containsEntry("example.com/scheme", "open"));
    var after = service("fleet-world");
    assertThat(after.getMetadata().getAnnotations()).containsEntry("cloud.example.com/id", "7");
    assertThat(after.getMetadata().getFinalizers()).isEqualTo(before.getMetadata().getFinalizers());
    assertThat(after.getSpec().getPorts()).isEqualTo(before.getSpec().getPorts());
    assertThat(after.getSpec().getHealthCheckNodePort())
        .isNotNull()
        .isEqualTo(before.getSpec().getHealthCheckNodePort());
    assertThat(after.getStatus()).isEqualTo(before.getStatus());
    assertNoWrite();
    // It is held back until the load balancer is gone; nothing more is asked of it.
    fleet.broker("{listeners: [{name: inside, port: 8883}]}");
    await().until(() -> service("fleet-world").getMetadata().getDeletionTimestamp() != null);
    assertNoWrite();
    patch("fleet-world", "{\"metadata\": {\"finalizers\": null}}");
    fleet.awaitGone(Service.class, "fleet-world");
  }

  @Test
  void whatIsNoLongerAskedForGoesAndWhatSomebodyEditsComesBack() {
    fleet.broker(BOTH);
    fleet.awaitAccepted();
    edit(
        "fleet-world",
        seen ->
            new ServiceBuilder(seen)
                .editSpec()
                .withLoadBalancerSourceRanges("0.0.0.0/0")
                .endSpec()
                .build());
    eventually(
        "fleet-world",
        seen ->
            assertThat(seen.getSpec().getLoadBalancerSourceRanges())
                .containsExactly("203.0.113.0/24"));
    fleet.broker(
        """
        {listeners: [
          {name: inside, port: 8883},
          {name: nodes, port: 8885, service: {type: NodePort}},
          {name: world, port: 8886, service: {type: LoadBalancer, loadBalancerClass: example.com/one}}]}
        """);
    eventually(
        "fleet-world",
        seen -> {
          assertThat(seen.getSpec().getLoadBalancerSourceRanges()).isEmpty();
          assertThat(seen.getSpec().getExternalTrafficPolicy()).isEqualTo("Cluster");
          assertThat(seen.getSpec().getPorts().getFirst().getPort()).isEqualTo(8886);
          assertThat(seen.getMetadata().getAnnotations()).doesNotContainKey("example.com/scheme");
        });
    eventually(
        "fleet-nodes",
        seen -> assertThat(seen.getSpec().getExternalTrafficPolicy()).isEqualTo("Cluster"));
    eventually(
        "fleet",
        seen -> assertThat(seen.getMetadata().getAnnotations()).doesNotContainKey("example.com/a"));
    assertNoWrite();
  }

  @Test
  void whatTheApiServerRefusesIsSaidAndHoldsBackNothingElse() {
    fleet.broker("{listeners: [{name: a, port: 8883, service: {type: NodePort}}]}");
    fleet.awaitAccepted();
    var before = service("fleet-a").getSpec();
    fleet.broker(
        """
        {podLabels: {team: a}, listeners: [
          {name: a, port: 8883, service: {type: NodePort, nodePort: 1234}},
          {name: b, port: 8885, service: {type: NodePort}}]}
        """);
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:Invalid");
    assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
        .startsWith("spec.listeners, a, service: ")
        .contains("1234", "valid range");
    assertThat(service("fleet-a").getSpec()).isEqualTo(before);
    assertThat(service("fleet-b").getSpec().getType()).isEqualTo("NodePort");
    assertThat(
            fleet
                .get(io.fabric8.kubernetes.api.model.apps.StatefulSet.class, "fleet")
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels())
        .containsEntry("team", "a");
    fleet.broker(
        "{listeners: [{name: a, port: 8883, service: {type: NodePort, nodePort: 30012}}]}");
    fleet.awaitAccepted();
    assertThat(service("fleet-a").getSpec().getPorts().getFirst().getNodePort()).isEqualTo(30012);
  }

  @Test
  void aClassThatCannotBeChangedIsRefused() {
    fleet.broker(BOTH);
    fleet.awaitAccepted();
    fleet.broker(BOTH.replace("example.com/one", "example.com/two"));
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:Invalid");
    assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
        .contains("loadBalancerClass", "may not change once set");
    assertThat(service("fleet-world").getSpec().getLoadBalancerClass())
        .isEqualTo("example.com/one");
    fleet.broker(BOTH);
    fleet.awaitAccepted();
  }

  @Test
  void aPortThatSomebodyElseHasIsTakenWhenItIsFree() {
    var other =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace(fleet.namespace())
            .withName("other")
            .withLabels(Map.of("app.kubernetes.io/instance", "fleet"))
            .endMetadata()
            .withNewSpec()
            .withType("NodePort")
            .addNewPort()
            .withPort(1)
            .withNodePort(30013)
            .endPort()
            .endSpec()
            .build();
    API.client().resource(other).create();
    fleet.broker(
        "{listeners: [{name: a, port: 8883, service: {type: NodePort, nodePort: 30013}}]}");
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:Invalid");
    assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
        .contains("30013", "already allocated");
    assertThat(fleet.find(Service.class, "fleet-a")).isEmpty();
    fleet.delete(Service.class, "other");
    operator.wake(fleet.namespace(), Fleet.BROKER);
    fleet.awaitAccepted();
  }

  @Test
  void aServiceOfSomebodyElsesIsNeverTouched() {
    var others = new java.util.ArrayList<Service>();
    for (var name : List.of("fleet-a", "fleet-b")) {
      others.add(
          API.client()
              .resource(
                  new ServiceBuilder()
                      .withNewMetadata()
                      .withNamespace(fleet.namespace())
                      .withName(name)
                      .withLabels(
                          Map.of(
                              "app.kubernetes.io/instance", "fleet",
                              "app.kubernetes.io/managed-by", "mqtt-operator",
                              "app.kubernetes.io/component", "exposed-listener"))
                      .endMetadata()
                      .withNewSpec()
                      .addNewPort()
                      .withPort(1)
                      .endPort()
                      .endSpec()
                      .build())
              .create());
    }
    fleet.broker("{listeners: [{name: a, port: 8883, service: {type: NodePort}}]}");
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:NameTaken");
    assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
        .contains("Service fleet-a");
    assertThat(fleet.find(Service.class, "fleet")).isPresent();
    fleet.broker("{listeners: [{name: c, port: 8883}]}");
    fleet.awaitAccepted();
    for (var other : others) {
      assertThat(service(other.getMetadata().getName()).getMetadata().getResourceVersion())
          .isEqualTo(other.getMetadata().getResourceVersion());
    }
  }
}
