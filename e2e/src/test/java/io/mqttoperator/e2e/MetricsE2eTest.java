package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the operator tells Prometheus of a broker that has clients. */
@OnCluster
final class MetricsE2eTest {

  /** Mosquitto tells every ten seconds. */
  private static final Duration TOLD = Duration.ofSeconds(30);

  private static final String FLEET =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: %1$s}
      spec:
        listeners: [{name: mqtts, port: 8883, clientId: Any, maxConnections: 40}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: %1$s-device}
      spec: {brokerRef: {name: %1$s}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: %1$s-up}
      spec:
        brokerRef: {name: %1$s}
        subjects: [{user: %1$s-device}]
        rules: [{topics: ["up/#"], access: [Publish]}]
      """;

  private final Cluster cluster;
  private final Installation operator;

  MetricsE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.operator = new Installation(cluster);
  }

  @Test
  void figuresAreThoseOfTheBroker() {
    cluster.applyAndAwait(FLEET.formatted("watched"));
    var sessions =
        Stream.generate(() -> cluster.broker("watched").client("watched-device").connect())
            .limit(3)
            .toList();
    for (int i = 0; i < 10; i++) {
      // 16: taken, and nobody listens.
      assertThat(sessions.getFirst().publish("up/" + i, "x")).isIn(0, 16);
    }
    Awaitility.await()
        .atMost(TOLD)
        .untilAsserted(
            () -> {
              // The operator is connected, too.
              assertThat(value("clients_connected", "watched", "pod=\"watched-0\"")).isEqualTo(4);
              assertThat(value("messages_received_total", "watched", "pod=\"watched-0\""))
                  .isGreaterThanOrEqualTo(10);
            });
    assertThat(value("users", "watched", "ready=\"true\"")).isEqualTo(1);
    assertThat(value("acls", "watched", "ready=\"true\"")).isEqualTo(1);
    assertThat(value("pods_enforcing", "watched", "")).isEqualTo(1);
    assertThat(value("listener_max_connections", "watched", "listener=\"mqtts\"")).isEqualTo(40);
    assertThat(value("condition", "watched", "condition=\"Ready\",")).isIn(0.0, 1.0);
    var server = value("certificate_expiration_timestamp_seconds", "watched", "\"server\"");
    assertThat(Instant.ofEpochSecond((long) server))
        .isBetween(
            Instant.now().plus(Duration.ofDays(85)), Instant.now().plus(Duration.ofDays(91)));
    sessions.forEach(Session::close);
    Awaitility.await()
        .atMost(TOLD)
        .until(() -> value("clients_connected", "watched", "pod=\"watched-0\"") == 1);
  }

  @Test
  void aBrokerThatIsGoneHasNoSeries() {
    cluster.applyAndAwait(FLEET.formatted("passing"));
    assertThat(series("passing")).isNotEmpty();
    cluster.delete("mqb", "passing");
    Awaitility.await().atMost(TOLD).until(() -> series("passing").isEmpty());
  }

  private List<String> series(String broker) {
    return operator
        .get(operator.leader(), "/metrics")
        .lines()
        .filter(line -> line.contains("broker=\"" + broker + "\""))
        .filter(line -> line.contains("namespace=\"" + cluster.namespace() + "\""))
        .toList();
  }

  /** The first of that name whose labels say so; NaN if there is none. */
  private double value(String metric, String broker, String label) {
    var line =
        Pattern.compile("mqtt_broker_" + metric + "\\{.*" + Pattern.quote(label) + ".*} (\\S+)");
    return series(broker).stream()
        .map(line::matcher)
        .filter(found -> found.matches())
        .map(found -> Double.parseDouble(found.group(1)))
        .findFirst()
        .orElse(Double.NaN);
  }
}
