package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Tools that follow kstatus see the truth: in progress from the first moment on, current only when
 * it works, failed when somebody has to do something.
 */
@OnCluster
final class KstatusE2eTest {

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drone}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: drones}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: drone}]
        rules: [{topics: [a], access: [Publish]}]
      """;

  private final Cluster cluster;
  private final Broker broker;

  KstatusE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  private Kstatus status(String kind, String name) {
    return Kstatus.of(cluster.get(kind, name));
  }

  /** Polls as fast as it can, and returns what was seen before CURRENT was seen first. */
  private List<Kstatus> awaitCurrent(String kind, String name) {
    var seen = new ArrayList<Kstatus>();
    Awaitility.await(kind + "/" + name + " current")
        .atMost(Cluster.START_LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              var now = status(kind, name);
              if (now != Kstatus.CURRENT) {
                seen.add(now);
              }
              return now == Kstatus.CURRENT;
            });
    return seen;
  }

  @Test
  void whatIsCurrentWorks() {
    cluster.apply(MANIFESTS);
    assertThat(awaitCurrent("mqu", "drone")).isNotEmpty().containsOnly(Kstatus.IN_PROGRESS);
    try (var session = broker.client("drone").connect()) {
      awaitCurrent("mqa", "drones");
      assertThat(session.publish("a", "x")).isEqualTo(0x10);
      assertThat(session.publish("b", "x")).isEqualTo(0x87);
      awaitCurrent("mqb", "fleet");
      for (var resource : List.of("mqb fleet", "mqu drone", "mqa drones")) {
        var name = resource.split(" ", 2);
        assertThat(cluster.condition(name[0], name[1], "Ready"))
            .as(resource)
            .hasValueSatisfying(ready -> assertThat(ready.status()).isEqualTo("True"));
      }
    }
    for (int i = 0; i < 5; i++) {
      changesAreInProgressUntilTheyWork(i);
    }
  }

  /** A new generation of a password, and another topic. */
  private void changesAreInProgressUntilTheyWork(int i) {
    var topic = "a" + i;
    cluster.apply(
        MANIFESTS
            .replace(
                "{brokerRef: {name: fleet}}",
                "{brokerRef: {name: fleet}, password: {generation: %d}}".formatted(i + 2))
            .replace("topics: [a]", "topics: [" + topic + "]"));

    awaitCurrent("mqu", "drone");
    try (var session = broker.client("drone").connect()) {
      awaitCurrent("mqa", "drones");
      assertThat(session.publish(topic, "x")).isEqualTo(0x10);
      assertThat(session.publish("a", "x")).isEqualTo(0x87);
    }
  }

  @Test
  void whatSomebodyHasToMendHasFailed() {
    cluster.apply(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttBroker
        metadata: {name: too-large}
        spec:
          listeners: [{name: mqtts, port: 8883, maxConnections: 100000}]
          resources: {limits: {memory: 64Mi}}
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: secretless}
        spec: {brokerRef: {name: too-large}, password: {secretRef: {name: missing}}}
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttAcl
        metadata: {name: brokerless}
        spec:
          brokerRef: {name: missing}
          subjects: [{allUsers: true}]
          rules: [{topics: [a], access: [Publish]}]
        """);
    Awaitility.await("the broker has failed")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> status("mqb", "too-large") == Kstatus.FAILED);
    // What is missing may come with the same apply: that is no failure yet.
    cluster.awaitCondition("mqu", "secretless", "Accepted", "False", "SecretNotFound");
    cluster.awaitCondition("mqa", "brokerless", "Accepted", "False", "BrokerNotFound");
    assertThat(status("mqu", "secretless")).isEqualTo(Kstatus.IN_PROGRESS);
    assertThat(status("mqa", "brokerless")).isEqualTo(Kstatus.IN_PROGRESS);
  }

  @Test
  void whatNobodyHasLookedAtIsInProgress() {
    cluster.apply(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: new}
        spec: {brokerRef: {name: missing}}
        """);

    assertThat(status("mqu", "new")).isIn(Kstatus.IN_PROGRESS, Kstatus.FAILED);
  }
}
