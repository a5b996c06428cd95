package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A namespace with everything in it goes as one without: no finalizer holds it up. */
@OnCluster
final class NamespaceE2eTest {

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

  @Test
  void goesWithinAMinute() {
    var name = "e2e-goes-%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    try (var doomed = Cluster.withNewNamespace(name)) {
      doomed.applyAndAwait(MANIFESTS);
      try (var session = doomed.broker("fleet").client("drone").connect()) {
        assertThat(session.isConnected()).isTrue();

        doomed.client().namespaces().withName(name).delete();

        Awaitility.await("namespace " + name + " is gone")
            .atMost(Duration.ofMinutes(1))
            .until(() -> doomed.client().namespaces().withName(name).get() == null);
        assertThat(session.isConnected()).isFalse();
      }
    }
  }
}
