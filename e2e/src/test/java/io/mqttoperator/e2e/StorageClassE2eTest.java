package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A cluster without a default StorageClass: others' brokers would get no volume either. */
@OnCluster
@Isolated
final class StorageClassE2eTest {

  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      """;

  private final Cluster cluster;

  StorageClassE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aBrokerTellsThatThereIsNoDefaultAndStartsWhenThereIs() {
    var defaults =
        cluster.client().storage().v1().storageClasses().list().getItems().stream()
            .filter(found -> isDefault(found))
            .toList();
    mark(defaults, "false");
    try {
      cluster.apply(BROKER);

      var ready = cluster.awaitCondition("mqb", "fleet", "Ready", "False", "VolumePending");
      assertThat(ready.message()).contains("data-fleet-0", "StorageClass", "default");
    } finally {
      mark(defaults, "true");
    }
    // Kubernetes gives the waiting claim the class that is the default now; the scheduler may not
    // look at the pod again for minutes, but looks at a new one at once.
    var kubectl = cluster.kubectl();
    kubectl
        .run("wait", "pvc/data-fleet-0", "--for=jsonpath={.spec.storageClassName}", "--timeout=60s")
        .orFail();
    kubectl.run("delete", "pod", "fleet-0").orFail();
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
  }

  private static boolean isDefault(StorageClass found) {
    var annotations = found.getMetadata().getAnnotations();
    return annotations != null && "true".equals(annotations.get(DEFAULT));
  }

  private void mark(List<StorageClass> classes, String value) {
    for (var each : classes) {
      cluster
          .kubectl()
          .run(
              "annotate",
              "--overwrite",
              "storageclass/" + each.getMetadata().getName(),
              DEFAULT + "=" + value)
          .orFail();
    }
  }
}
