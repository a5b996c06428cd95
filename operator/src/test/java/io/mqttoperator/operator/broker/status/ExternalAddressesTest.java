package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.Endpoint;
import io.mqttoperator.api.MqttBrokerStatus.ExternalAddress;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExternalAddressesTest {

  private static final String HOST = "fleet.plant.svc.cluster.local";
  private static final BrokerProfile NODES =
      profile("{name: a, port: 8883, service: {type: NodePort, port: 443}}");
  private static final BrokerProfile WORLD =
      profile("{name: a, port: 8883, service: {type: LoadBalancer, port: 443}}");
  private static final Pod FIRST =
      pod("hostIP: 192.0.2.2\nhostIPs: [{ip: 192.0.2.2}, {ip: '2001:db8::2'}]");
  private static final Pod SECOND = pod("hostIP: 192.0.2.1\nhostIPs: [{ip: 192.0.2.1}]");
  private static final String NODE_PORT =
      "spec: {ipFamilies: [IPv4], ports: [{port: 443, nodePort: 30883}]}";

  @Test
  void inTheClusterAListenerKeepsItsAddressAndPort() {
    var inside = profile("{name: a, port: 8883, service: {port: 443}}");
    assertThat(endpoints(inside, null)).containsExactly(new Endpoint("a", HOST, 443, true, null));
    assertThat(endpoints(NODES, null)).containsExactly(new Endpoint("a", HOST, 8883, true, null));
  }

  @Test
  void aNodePortIsAtTheNodesOfThePods() {
    assertThat(external(NODES, ours(NODE_PORT), null, FIRST, SECOND, SECOND))
        .containsExactly(
            new ExternalAddress("192.0.2.1", 30883), new ExternalAddress("192.0.2.2", 30883));
    var dual = ours(NODE_PORT.replace("[IPv4]", "[IPv6, IPv4]"));
    assertThat(external(NODES, dual, null, FIRST))
        .containsExactly(
            new ExternalAddress("192.0.2.2", 30883), new ExternalAddress("2001:db8::2", 30883));
  }

  @Test
  void whileNoPodIsOnANodeItStaysWhereItWas() {
    var before = List.of(new ExternalAddress("192.0.2.1", 30883));
    assertThat(external(NODES, ours(NODE_PORT), before)).isEqualTo(before);
    assertThat(external(NODES, ours(NODE_PORT), List.of(new ExternalAddress("192.0.2.1", 30000))))
        .as("at a port that it no longer has")
        .isEmpty();
  }

  @Test
  void aLoadBalancerIsWhereItsProviderSays() {
    assertThat(
            external(
                WORLD,
                ours(
                    "status: {loadBalancer: {ingress: [{hostname: lb.example.com}, {ip: 203.0.113.9}]}}"),
                null,
                FIRST))
        .containsExactly(
            new ExternalAddress("lb.example.com", 443), new ExternalAddress("203.0.113.9", 443));
  }

  @Test
  void anAddressThatIsNotThereYetIsSaid() {
    var service = ours("status: {loadBalancer: {}}");
    assertThat(external(WORLD, service, null, FIRST)).isEmpty();
    assertThat(addresses(WORLD, service, null, FIRST).pending()).contains("Service fleet-a");
    assertThat(addresses(NODES, ours(NODE_PORT), null, FIRST).pending()).isEmpty();
    assertThat(addresses(profile("{name: a, port: 8883}"), null, null).pending()).isEmpty();
  }

  @Test
  void aServiceOfSomebodyElsesTellsNothing() {
    var foreign =
        Samples.YAML.unmarshal(
            "apiVersion: v1\nkind: Service\nmetadata: {name: fleet-a}\n" + NODE_PORT,
            Service.class);
    assertThat(external(NODES, foreign, null, FIRST)).isEmpty();
  }

  private static BrokerProfile profile(String listener) {
    return Samples.profileWith("listeners: [" + listener + "]");
  }

  private static Pod pod(String status) {
    return Samples.pod(status);
  }

  private static Service ours(String rest) {
    var service =
        Samples.YAML.unmarshal(
            "apiVersion: v1\nkind: Service\nmetadata: {name: fleet-a}\n" + rest, Service.class);
    service
        .getMetadata()
        .setOwnerReferences(
            List.of(
                io.mqttoperator.operator.kube.Ownership.controlledBy(Samples.broker("defaults"))));
    return service;
  }

  private static List<ExternalAddress> external(
      BrokerProfile profile,
      @Nullable Service service,
      @Nullable List<ExternalAddress> before,
      Pod... pods) {
    return Optional.ofNullable(
            addresses(profile, service, before, pods).endpoints().getFirst().external())
        .orElse(List.of());
  }

  private static List<Endpoint> endpoints(BrokerProfile profile, @Nullable Service service) {
    return addresses(profile, service, null).endpoints();
  }

  private static ExternalAddresses addresses(
      BrokerProfile profile,
      @Nullable Service service,
      @Nullable List<ExternalAddress> before,
      Pod... pods) {
    var seen = Samples.seen(List.of(pods), List.of());
    var existing =
        service == null
            ? Map.<String, HasMetadata>of()
            : Map.of("Service fleet-a", (HasMetadata) service);
    return new ExternalAddresses(
        profile,
        new BrokerObservation(
            seen.key(),
            seen.broker(),
            seen.tenancy(),
            seen.users(),
            seen.acls(),
            seen.authority(),
            seen.server(),
            seen.operator(),
            seen.internal(),
            seen.files(),
            seen.shards(),
            existing,
            seen.statefulSet(),
            seen.pods(),
            seen.imageTrial(),
            seen.claims(),
            Map.of()),
        before == null ? null : status(before));
  }

  private static MqttBrokerStatus status(List<ExternalAddress> external) {
    return new MqttBrokerStatus(
        1L,
        null,
        1,
        1,
        "",
        List.of(new Endpoint("a", HOST, 8883, true, Objects.requireNonNull(external))),
        null,
        null,
        null,
        null);
  }
}
