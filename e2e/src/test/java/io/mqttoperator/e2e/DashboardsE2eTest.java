package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the panels of the dashboards ask is what a Prometheus has that scraped the operator. */
@OnCluster
final class DashboardsE2eTest {

  private static final Duration TOLD = Duration.ofSeconds(60);

  /** One that serves, and one that is refused. */
  private static final String BROKERS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: drawn}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drawn-device}
      spec: {brokerRef: {name: drawn}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: drawn-up}
      spec:
        brokerRef: {name: drawn}
        subjects: [{allUsers: true}]
        rules: [{topics: ["up/#"], access: [Publish]}]
      """;

  private static final String REFUSED =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: refused}
      spec: {listeners: [{name: mqtts, port: 8883, tls: {secretRef: {name: nowhere}}}]}
      """;

  private final Cluster cluster;
  private final Installation operator;

  DashboardsE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.operator = new Installation(cluster);
  }

  @Test
  void eachPanelShowsSomething(@TempDir Path folder) throws IOException {
    cluster.applyAndAwait(BROKERS);
    cluster.apply(REFUSED);
    try (var session = cluster.broker("drawn").client("drawn-device").connect();
        var prometheus = new Prometheus(folder, operator.metrics())) {
      assertThat(session.publish("up/1", "x")).isIn(0, 16);
      var open = new ArrayList<>(queries());
      assertThat(open).hasSizeGreaterThan(30);
      Awaitility.await()
          .atMost(TOLD)
          .untilAsserted(
              () -> {
                open.removeIf(query -> !prometheus.query(query).isEmpty());
                assertThat(open).isEmpty();
              });
    }
  }

  private List<String> queries() throws IOException {
    var queries = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(Path.of(Installation.chart(), "dashboards"))) {
      for (var file : files) {
        for (var panel : new ObjectMapper().readTree(file.toFile()).path("panels")) {
          for (var target : panel.path("targets")) {
            queries.add(
                target
                    .path("expr")
                    .asText()
                    .replace("$namespace", cluster.namespace())
                    .replace("$broker", ".*")
                    .replace("$job", ".*")
                    .replace("$__rate_interval", "10s"));
          }
        }
      }
    }
    return queries;
  }
}
