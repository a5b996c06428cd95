package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the plugin shows of a broker at work, beside what its clients really do. */
@OnCluster
final class KubectlMqttTopE2eTest {

  /** Mosquitto renews its figures every ten seconds. */
  private static final Duration TOLD = Duration.ofSeconds(40);

  private final Broker broker;
  private final Cluster cluster;
  private final Plugin viewer;
  private final Plugin onlooker;

  KubectlMqttTopE2eTest(Cluster cluster, @TempDir Path folder) throws IOException {
    this.cluster = cluster;
    broker = cluster.broker("fleet");
    viewer = Plugin.askedBy("viewer", cluster, folder);
    onlooker = Plugin.askedBy("onlooker", cluster, folder);
    cluster.applyAndAwait(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttBroker
        metadata: {name: fleet}
        spec:
          listeners: [{name: mqtts, port: 8883, maxConnections: 50}]
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: alice}
        spec: {brokerRef: {name: fleet}}
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttAcl
        metadata: {name: up}
        spec:
          brokerRef: {name: fleet}
          subjects: [{user: alice}]
          rules: [{topics: ["up/#"], access: [Publish]}]
        """);
  }

  @BeforeAll
  void grant() {
    onlooker.grantMetrics();
  }

  @AfterAll
  void withdraw() {
    onlooker.withdrawMetrics();
  }

  @Test
  void whoMayNotReadTheFiguresIsToldWhatThatTakes() {
    assertThat(viewer.ask("status", "fleet").orFail())
        .contains("fleet-0", "note: You may not read the operator's figures")
        .contains("mqtt-operator-metrics-reader");
    var top = viewer.ask("top");
    assertThat(top.status()).isEqualTo(2);
    assertThat(top.errors()).contains("mqtt-operator-metrics-reader");
    var elsewhere = onlooker.ask("top", "--operator=" + cluster.namespace() + "/none");
    assertThat(elsewhere.status()).isEqualTo(2);
  }

  @Test
  void clientsConnectionsAndRatesAreThoseOfTheBroker() throws IOException {
    try (var alice = broker.client("alice").connect();
        var publisher = Executors.newSingleThreadScheduledExecutor()) {
      var publishing =
          publisher.scheduleAtFixedRate(
              () -> alice.publish("up/x", "x"), 0, 50, TimeUnit.MILLISECONDS);
      Awaitility.await("the client in the figures")
          .atMost(TOLD)
          .untilAsserted(() -> assertThat(pod(top()).path("clients").asInt()).isEqualTo(2));
      assertThat(top().path("maxConnections").path("mqtts").asInt()).isEqualTo(50);
      assertThat(onlooker.ask("top").orFail())
          .containsPattern("fleet +yes +1/1 +fleet-0 +2 +\\d+/50 +\\d+ +- +- +- ");
      assertThat(onlooker.ask("status", "fleet").orFail())
          .containsPattern("fleet-0 .* 2 +\\d+/50\\n")
          .contains("50 on each pod", "All pods are ready")
          .doesNotContain("note:");
      var looks =
          onlooker.ask("top", "fleet", "-o", "json", "--interval=4", "--count=7").orFail().lines();
      var last = pod(broker(looks.toList().getLast()));
      // Twenty a second; the operator's own questions are messages, too.
      assertThat(last.path("messagesReceivedPerSecond").asDouble()).isBetween(10.0, 30.0);
      assertThat(last.path("messagesDroppedPerSecond").asDouble(-1)).isZero();
      assertThat(publishing.isDone()).as("every publish was answered").isFalse();
      publisher.shutdownNow();
    }
  }

  private JsonNode top() throws IOException {
    return broker(onlooker.ask("top", "fleet", "-o", "json").orFail());
  }

  private static JsonNode broker(String line) throws IOException {
    return new ObjectMapper().readTree(line).path("brokers").path(0);
  }

  private static JsonNode pod(JsonNode broker) {
    return broker.path("pods").path(0);
  }
}
