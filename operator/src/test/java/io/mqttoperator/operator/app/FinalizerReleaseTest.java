package io.mqttoperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FinalizerReleaseTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String HELD =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: anna, finalizers: [mqttoperator.io/enforcement, example.org/other]}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: up, finalizers: [mqttoperator.io/enforcement]}
      spec: {brokerRef: {name: fleet}, subjects: [{allUsers: true}], rules: [{topics: [a], access: [Publish]}]}
      """;

  @Test
  void ourFinalizerGoesAndOthersStay() {
    var namespace = API.namespace();
    var elsewhere = API.namespace();
    API.apply(namespace, HELD);
    API.apply(elsewhere, HELD);
    assertThat(new FinalizerRelease(API.client()).run(Set.of(namespace))).isEqualTo(2);
    assertThat(finalizers(MqttUser.class, namespace, "anna")).containsExactly("example.org/other");
    assertThat(finalizers(MqttAcl.class, namespace, "up")).isEmpty();
    assertThat(finalizers(MqttAcl.class, elsewhere, "up")).containsExactly(Labels.FINALIZER);
    assertThat(new FinalizerRelease(API.client()).run(Set.of(namespace))).isZero();
  }

  @Test
  void aChangeMeanwhileIsNoFailure() {
    var namespace = API.namespace();
    API.apply(namespace, HELD);
    var changed = new AtomicBoolean();
    try (var client =
        API.clientWith(
            () -> {
              if (changed.compareAndSet(false, true)) {
                API.apply(namespace, HELD.replace("name: anna,", "name: anna, labels: {a: b},"));
                API.apply(namespace, HELD.replace("name: up,", "name: up, labels: {a: b},"));
              }
            })) {
      assertThat(new FinalizerRelease(client).run(Set.of(namespace))).isEqualTo(2);
    }
    assertThat(changed).isTrue();
    assertThat(finalizers(MqttUser.class, namespace, "anna")).containsExactly("example.org/other");
    assertThat(finalizers(MqttAcl.class, namespace, "up")).isEmpty();
  }

  private static java.util.List<String> finalizers(
      Class<? extends HasMetadata> kind, String namespace, String name) {
    return API.client().resources(kind).inNamespace(namespace).withName(name).get().getFinalizers();
  }
}
