package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker's volume, saved and restored with the commands of docs/operations.md. */
@OnCluster
final class BackupE2eTest {

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      """;

  private static final String USERS =
      """
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: all}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["#"], access: [Publish, Subscribe]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: writer}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: sleeper}
      spec: {brokerRef: {name: fleet}}
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final DocumentedCommands operations;

  BackupE2eTest(Cluster cluster) throws IOException {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    this.operations = DocumentedCommands.of(cluster, "docs/operations.md");
  }

  @Test
  void sessionsAndMessagesComeBackInANewVolume(@TempDir Path folder) throws IOException {
    cluster.applyAndAwait(BROKER + USERS);
    try (var sleeper = broker.client("sleeper").keepingSession().connect()) {
      sleeper.subscribe("orders");
    }
    try (var writer = broker.client("writer").connect()) {
      writer.publish("known", "before", true);
      writer.publish("orders", "first");
      operations.run(operations.under("### The volume of a pod"), folder);
      assertThat(Files.size(folder.resolve("fleet-0.db"))).isPositive();
      writer.publish("known", "after", true);
      writer.publish("orders", "second");
    }

    cluster.delete("mqb", "fleet");
    cluster.delete("pvc", "data-fleet-0");
    operations.run(operations.under("## Restore a volume"), folder);
    cluster.applyAndAwait(BROKER);

    try (var sleeper = broker.client("sleeper").keepingSession().connect()) {
      Awaitility.await("what was queued when it was saved")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> !sleeper.received().isEmpty());
      assertThat(sleeper.received()).extracting(Message::payload).containsExactly("first");
      sleeper.subscribe("known");
      Awaitility.await("what was retained when it was saved")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> sleeper.received().size() > 1);
      assertThat(sleeper.received())
          .extracting(Message::payload)
          .containsExactly("first", "before");
    }
  }
}
