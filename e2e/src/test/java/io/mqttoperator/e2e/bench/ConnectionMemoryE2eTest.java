package io.mqttoperator.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import io.mqttoperator.e2e.Session;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What docs/limits.md counts for a TLS connection is enough; {@code e2e/connections} has more. */
@OnCluster
final class ConnectionMemoryE2eTest {

  private static final int CONNECTIONS = 400;
  private static final int AT_ONCE = 32;
  private static final long COUNTED = 64 * 1024;

  /** By docs/credentials.md it is 0.2 s where nothing else runs; this is to find what grows. */
  private static final Duration LONGEST_STALL = Duration.ofSeconds(4);

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: crowded}
      spec:
        listeners:
        - {name: mqtts, port: 8883, clientId: Any, maxConnections: 400}
        - {name: pulse, port: 1883, clientId: Any, tls: {enabled: false}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: own, labels: {mqttoperator.io/credentials: "true"}}
      stringData: {password: hashed a thousand times}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: many}
      spec: {brokerRef: {name: crowded}, password: {secretRef: {name: own}}}
      """;

  private static final String ANOTHER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: another}
      spec: {brokerRef: {name: crowded}}
      """;

  private final Cluster cluster;

  ConnectionMemoryE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  private static Session pulse(Broker broker) {
    return Client.withoutTls(broker.service(1883)).login(broker.login("many")).connect();
  }

  @Test
  void aFullListenerStaysWithinWhatIsCountedForItAndFullAfterAReload() throws Exception {
    cluster.applyAndAwait(MANIFESTS);
    var broker = cluster.broker("crowded");
    Client client = broker.client("many");
    var before = BrokerMemory.of(cluster, "crowded-0");
    try (var crowd = new Crowd(client)) {
      assertThat(crowd.grow(CONNECTIONS, AT_ONCE)).as("refused").isZero();
      assertThat(crowd.isFull()).isTrue();

      try (var pulse = new Pulse(pulse(broker))) {
        cluster.applyAndAwait(ANOTHER);
        assertThat(pulse.longest())
            .as("Mosquitto hashes each client's password anew, on its only thread")
            .isPositive()
            .isLessThan(LONGEST_STALL);
      }

      assertThat(crowd.connected()).isEqualTo(CONNECTIONS);
      assertThat(crowd.isFull()).isTrue();
      var after = BrokerMemory.of(cluster, "crowded-0");
      assertThat((after.resident() - before.resident()) / CONNECTIONS)
          .as("bytes for each connection")
          .isPositive()
          .isLessThan(COUNTED);
    }
  }
}
