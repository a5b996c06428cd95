package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to reach a listener: from the nodes, by a load balancer, behind a proxy. */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ServicesE2eTest {

  private static final String PROXIED =
      """
          - {name: one, port: 1881, tls: {enabled: false}, proxyProtocol: V1}
          - {name: two, port: 1882, tls: {enabled: false}, proxyProtocol: V2}
      """;

  private static final String ACCESS =
      """
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: device}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: witness}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: news}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["news/#"], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;
  private Map<String, String> incarnation = Map.of();

  ServicesE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(fleet("{type: ClusterIP}", "") + ACCESS);
    incarnation = broker.incarnation();
  }

  /** Nothing here restarts a pod, nor interrupts one who is connected. */
  @AfterAll
  void noPodWasRestarted() {
    assertThat(broker.incarnation()).isEqualTo(incarnation);
  }

  private static String fleet(String service, String additionalName) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: fleet}
           spec:
             certificates: {server: {additionalNames: [%s]}}
             listeners:
               - {name: mqtts, port: 8883, service: %s}
           """
            .formatted(additionalName, service)
        + PROXIED;
  }

  private Service service(String name) {
    return cluster.client().services().inNamespace(cluster.namespace()).withName(name).get();
  }

  /** Where the first listener is reached from outside, as its status says. */
  private List<InetSocketAddress> external() {
    List<Map<String, Object>> endpoints = cluster.get("mqb", "fleet").get("status", "endpoints");
    return endpoints.stream()
        .filter(endpoint -> "mqtts".equals(endpoint.get("listener")))
        .map(endpoint -> endpoint.get("external"))
        .filter(Objects::nonNull)
        .flatMap(external -> ((List<?>) external).stream())
        .map(address -> (Map<?, ?>) address)
        .map(
            address ->
                InetSocketAddress.createUnresolved(
                    String.valueOf(address.get("address")),
                    Integer.parseInt(String.valueOf(address.get("port")))))
        .toList();
  }

  private static ConditionFactory await(String what) {
    return Awaitility.await(what).atMost(Cluster.APPLY_LIMIT);
  }

  private Client at(InetSocketAddress address) {
    return Client.at(
            new InetSocketAddress(address.getHostString(), address.getPort()), broker.trust())
        .login(broker.login("device"));
  }

  /** By the node's own address, which the certificate names because it was asked to. */
  @Test
  @Order(1)
  void aNodePortIsReachedAtTheNode() {
    try (var witness = broker.client("witness").connect()) {
      cluster.applyAndAwait(fleet("{type: NodePort}", ""));
      await("the node's address").until(() -> !external().isEmpty());
      var node = external().getFirst();
      assertThat(node.getHostString()).isEqualTo(broker.onlyPod().getStatus().getHostIP());
      assertThat(node.getPort())
          .isEqualTo(service("fleet-mqtts").getSpec().getPorts().getFirst().getNodePort());
      assertThatExceptionOfType(Refused.class)
          .as("the certificate does not name the node")
          .isThrownBy(at(node)::connect);

      cluster.applyAndAwait(fleet("{type: NodePort}", node.getHostString()));
      await("a certificate that names the node")
          .ignoreExceptionsInstanceOf(Refused.class)
          .untilAsserted(
              () -> {
                try (var device = at(node).connect()) {
                  assertThat(device.publish("news/1", "x")).isIn(0x00, 0x10);
                }
              });
      assertThat(witness.isConnected()).isTrue();
    }
  }

  @Test
  @Order(2)
  void aPortThatTheApiServerRefusesIsSaidAndTheOldOneStays() {
    var before = external();
    cluster.apply(fleet("{type: NodePort, nodePort: 80}", before.getFirst().getHostString()));
    var refused = cluster.awaitCondition("mqb", "fleet", "Accepted", "False", "Invalid");
    assertThat(refused.message()).startsWith("spec.listeners, mqtts, service: ").contains("80");
    try (var device = at(before.getFirst()).connect()) {
      assertThat(device.isConnected()).isTrue();
    }
  }

  /** The local cluster has no load balancers: the test gives the address, as a cloud would. */
  @Test
  @Order(3)
  void aLoadBalancersAddressIsInTheStatus() {
    cluster.applyAndAwait(
        fleet("{type: LoadBalancer, port: 443, loadBalancerSourceRanges: [203.0.113.0/24]}", ""));
    assertThat(cluster.condition("mqb", "fleet", "Ready").orElseThrow().message())
        .contains("Service fleet-mqtts");
    assertThat(external()).isEmpty();
    cluster
        .client()
        .resource(service("fleet-mqtts"))
        .editStatus(
            seen ->
                new ServiceBuilder(seen)
                    .withNewStatus()
                    .withNewLoadBalancer()
                    .withIngress(
                        new LoadBalancerIngressBuilder().withHostname("lb.example.com").build())
                    .endLoadBalancer()
                    .endStatus()
                    .build());
    cluster
        .kubectl()
        .run(
            "wait",
            "--for=jsonpath={.status.endpoints[?(@.listener==\"mqtts\")].external[0].address}",
            "mqb/fleet",
            "--timeout=30s")
        .orFail();
    assertThat(external())
        .containsExactly(InetSocketAddress.createUnresolved("lb.example.com", 443));
    assertThat(service("fleet-mqtts").getSpec().getLoadBalancerSourceRanges())
        .containsExactly("203.0.113.0/24");
  }

  @Test
  @Order(4)
  void backInTheClusterTheServiceGoes() {
    cluster.applyAndAwait(fleet("{type: ClusterIP}", ""));
    await("Service fleet-mqtts is gone").until(() -> service("fleet-mqtts") == null);
    await("no address from outside").until(() -> external().isEmpty());
    try (var device = broker.client("device").connect()) {
      assertThat(device.isConnected()).isTrue();
    }
  }

  @ParameterizedTest
  @Order(5)
  @CsvSource({"one, 1881", "two, 1882"})
  void theBrokerSeesTheClientBehindAProxy(String listener, int port) {
    var target = broker.service(port);
    try (var proxy =
            "one".equals(listener)
                ? StatingProxy.ofVersion1(target)
                : StatingProxy.ofVersion2(target);
        var device = Client.withoutTls(proxy.address()).login(broker.login("device")).connect()) {
      device.subscribe("news/" + listener);
      device.publish("news/" + listener, "x");
      await("what it published").until(() -> device.received().size() == 1);
    }
    await("the client's address in the broker's log")
        .until(
            () ->
                cluster
                    .kubectl()
                    .run("logs", "fleet-0", "-c", "mosquitto")
                    .orFail()
                    .lines()
                    .filter(line -> line.contains("New client connected from"))
                    .filter(
                        line -> line.contains(StatingProxy.CLIENT + ":" + StatingProxy.CLIENT_PORT))
                    .count(),
            count -> count >= ("one".equals(listener) ? 1 : 2));
    var direct = Client.withoutTls(target).login(broker.login("device"));
    assertThatExceptionOfType(Refused.class).as("no header").isThrownBy(direct::connect);
  }
}
