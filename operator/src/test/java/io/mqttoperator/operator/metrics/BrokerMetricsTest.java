package io.mqttoperator.operator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mqtt.BrokerFigure;
import io.mqttoperator.operator.mqtt.PodReport;
import io.mqttoperator.operator.mqtt.PodReport.Enforcement;
import io.mqttoperator.operator.testing.CachedBinary;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is told of resources that a real API server holds. */
class BrokerMetricsTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC);

  private static final String RESOURCES =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        replicas: 2
        listeners:
          - {name: mqtts, port: 8883, maxConnections: 300}
          - {name: devices, port: 8885, authentication: Certificate}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: unseen}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: secretive-name}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: late}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: new}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: up}
      spec: {brokerRef: {name: fleet}, subjects: [{allUsers: true}], rules: [{topics: [a], access: [Publish]}]}
      """;

  private static final String BROKER_STATUS =
      """
      {"status": {"replicas": 2, "readyReplicas": 1, "warnings": ["One.", "Two."],
        "conditions": [
          {"type": "Ready", "status": "False", "reason": "Applying", "message": "m", "lastTransitionTime": "2026-05-31T00:00:00Z"}],
        "certificates": [
          {"name": "server", "serial": "ab", "notAfter": "2026-08-01T00:00:00Z", "renewAt": "2026-07-01T00:00:00Z", "phase": "Current"},
          {"name": "listener-mqtts", "serial": "cd", "notAfter": "2026-06-02T00:00:00Z", "phase": "Current"}],
        "access": {"revision": "%1$s", "users": 2, "rules": 7},
        "pods": [{"name": "fleet-0", "accessRevision": "%1$s"}, {"name": "fleet-1", "accessRevision": "%2$s"}]}}
      """
          .formatted("a".repeat(64), "b".repeat(64));

  private static final String USER_STATUS =
      """
      {"status": {"conditions": [
          {"type": "Ready", "status": "%s", "reason": "Enforced", "message": "m", "lastTransitionTime": "2026-05-31T00:00:00Z"}],
        "certificate": {"serial": "ef", "notAfter": "%s", "renewAt": "%s"}}}
      """;

  @Test
  void aScrapeTellsOfAllThatIsKnown() {
    var namespace = API.namespace();
    var scrape = scrape(namespace, true);
    var fleet = "{broker=\"fleet\",%snamespace=\"" + namespace + "\"%s}";
    assertThat(scrape)
        .contains(
            "mqtt_broker_replicas_wanted" + fleet.formatted("", "") + " 2.0",
            "mqtt_broker_replicas_ready" + fleet.formatted("", "") + " 1.0",
            "mqtt_broker_pods_enforcing" + fleet.formatted("", "") + " 1.0",
            "mqtt_broker_rules" + fleet.formatted("", "") + " 7.0",
            "mqtt_broker_warnings" + fleet.formatted("", "") + " 2.0",
            "mqtt_broker_condition"
                + fleet.formatted("condition=\"Ready\",", ",status=\"false\"")
                + " 1.0",
            "mqtt_broker_condition"
                + fleet.formatted("condition=\"Ready\",", ",status=\"true\"")
                + " 0.0",
            "mqtt_broker_condition_reason"
                + fleet.formatted("condition=\"Ready\",", ",reason=\"Applying\"")
                + " 1.0",
            "mqtt_broker_condition_last_transition_timestamp_seconds"
                + fleet.formatted("condition=\"Ready\",", "")
                + " "
                + (double) Instant.parse("2026-05-31T00:00:00Z").getEpochSecond(),
            "mqtt_broker_certificate_expiration_timestamp_seconds"
                + fleet.formatted("certificate=\"server\",", "")
                + " "
                + (double) Instant.parse("2026-08-01T00:00:00Z").getEpochSecond(),
            "mqtt_broker_users" + fleet.formatted("", ",ready=\"true\"") + " 1.0",
            "mqtt_broker_users" + fleet.formatted("", ",ready=\"false\"") + " 1.0",
            "mqtt_broker_users" + fleet.formatted("", ",ready=\"unknown\"") + " 1.0",
            "mqtt_broker_acls" + fleet.formatted("", ",ready=\"unknown\"") + " 1.0",
            "mqtt_broker_client_certificates" + fleet.formatted("", "") + " 2.0",
            "mqtt_broker_client_certificates_overdue" + fleet.formatted("", "") + " 1.0",
            "mqtt_broker_client_certificate_expiration_timestamp_seconds"
                + fleet.formatted("", "")
                + " "
                + (double) Instant.parse("2026-06-03T00:00:00Z").getEpochSecond(),
            "mqtt_broker_listener_max_connections"
                + "{broker=\"fleet\",listener=\"mqtts\",namespace=\""
                + namespace
                + "\"}"
                + " 300.0",
            "mqtt_broker_access_enforced" + fleet.formatted("", ",pod=\"fleet-0\"") + " 1.0",
            "mqtt_broker_access_enforced" + fleet.formatted("", ",pod=\"fleet-1\"") + " 0.0",
            "mqtt_broker_access_enforced_since_timestamp_seconds"
                + fleet.formatted("", ",pod=\"fleet-0\"")
                + " "
                + (double) Instant.parse("2026-06-01T11:00:00Z").getEpochSecond(),
            "mqtt_broker_access_reload_longest_answer_seconds"
                + fleet.formatted("", ",pod=\"fleet-0\"")
                + " 0.017",
            "mqtt_broker_clients_connected" + fleet.formatted("", ",pod=\"fleet-0\"") + " 42.0",
            "mqtt_broker_messages_dropped_total" + fleet.formatted("", ",pod=\"fleet-0\"") + " 3.0",
            "mqtt_broker_listener_max_connections{broker=\"unseen\",listener=\"mqtts\",namespace=\""
                + namespace
                + "\"} 1000.0",
            "mqtt_broker_replicas_wanted{broker=\"unseen\",namespace=\"" + namespace + "\"} 1.0");
  }

  /** Names, types, units and help, by those who know. */
  @Test
  void prometheusHasNothingToSayAboutIt() throws Exception {
    var lint =
        new ProcessBuilder(CachedBinary.find("promtool").toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (var input = lint.getOutputStream()) {
      input.write((String.join("\n", scrape(API.namespace(), true)) + "\n").getBytes(UTF_8));
    }
    var said = new String(lint.getInputStream().readAllBytes(), UTF_8);
    assertThat(said).isEmpty();
    assertThat(lint.waitFor()).isZero();
  }

  @Test
  void noLabelNamesAUser() {
    assertThat(scrape(API.namespace(), true)).noneMatch(line -> line.contains("secretive-name"));
  }

  @Test
  void whatTheOperatorDoesNotRenewHasNoRenewal() {
    assertThat(scrape(API.namespace(), true))
        .filteredOn(line -> line.startsWith("mqtt_broker_certificate_renewal"))
        .hasSize(1)
        .allMatch(line -> line.contains("certificate=\"server\""));
  }

  @Test
  void aPodThatWasNotSeenToEnforceAnythingHasNoAge() {
    assertThat(scrape(API.namespace(), true))
        .filteredOn(line -> line.startsWith("mqtt_broker_access_"))
        .filteredOn(line -> line.contains("pod=\"fleet-1\""))
        .allMatch(line -> line.startsWith("mqtt_broker_access_enforced{"))
        .hasSize(1);
  }

  @Test
  void oneThatOnlyStandsByTellsNothing() {
    assertThat(scrape(API.namespace(), false)).noneMatch(line -> line.startsWith("mqtt_broker_"));
  }

  @Test
  void namesAreThoseOfTheDocumentation() throws java.io.IOException {
    var page = java.nio.file.Files.readString(java.nio.file.Path.of("../docs/metrics.md"), UTF_8);
    assertThat(Arrays.stream(BrokerMetric.values()))
        .allMatch(
            metric ->
                page.contains(
                    "| `" + metric.metricName() + (metric.isCounter() ? "_total" : "") + "` |"));
  }

  private static List<String> scrape(String namespace, boolean works) {
    API.apply(namespace, RESOURCES);
    status(namespace, MqttBroker.class, "fleet", BROKER_STATUS);
    status(
        namespace,
        MqttUser.class,
        "secretive-name",
        USER_STATUS.formatted("True", "2026-09-01T00:00:00Z", "2026-08-01T00:00:00Z"));
    status(
        namespace,
        MqttUser.class,
        "late",
        USER_STATUS.formatted("False", "2026-06-03T00:00:00Z", "2026-05-20T00:00:00Z"));
    try (var caches = new Caches(API.client(), Set.of(namespace))) {
      caches.start();
      Awaitility.await()
          .until(() -> caches.users.of(new ResourceKey(namespace, "fleet")).size() == 3);
      var told =
          Map.of(
              new ResourceKey(namespace, "fleet"),
              Map.of(
                  "fleet-0",
                  new PodReport(
                      Map.of(BrokerFigure.CLIENTS_CONNECTED, 42L, BrokerFigure.DROPPED, 3L),
                      Optional.of(
                          new Enforcement(
                              Instant.parse("2026-06-01T11:00:00Z"), Duration.ofMillis(17)))),
                  "fleet-1",
                  new PodReport(Map.of(), Optional.empty())));
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      registry
          .getPrometheusRegistry()
          .register(new BrokerMetrics(caches, () -> told, () -> works, NOW));
      return registry.scrape().lines().toList();
    }
  }

  private static void status(
      String namespace,
      Class<? extends io.fabric8.kubernetes.api.model.HasMetadata> kind,
      String name,
      String status) {
    API.client()
        .resources(kind)
        .inNamespace(namespace)
        .withName(name)
        .subresource("status")
        .patch(
            io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
            status);
  }
}
