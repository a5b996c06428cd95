package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A broker's status says how a change takes effect before it does. One etcd counts all writes, so
 * resource versions tell which of two objects was written first.
 */
class AnnouncedEffectTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final Fleet fleet = Fleet.in(API);

  /** What {@code Ready} gave as its reason, and the version at which it did. */
  private record Said(String reason, String message, long version) {}

  private final List<Said> said = new CopyOnWriteArrayList<>();
  private @Nullable Watch watch;

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
  }

  @Test
  void aRestartIsSaidBeforeThePodTemplateIsWritten() {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.awaitAccepted();
      var before = fleet.get(StatefulSet.class, Fleet.BROKER);
      watch();
      fleet.broker("{podAnnotations: {example.com/turn: second}}");
      var told = awaitSaid("Restarting");
      assertThat(told.message()).contains("restarts the pod", "disconnected once");
      await()
          .atMost(Fleet.BOUND)
          .until(() -> version(StatefulSet.class, Fleet.BROKER) > version(before));
      assertThat(told.version()).isLessThan(version(StatefulSet.class, Fleet.BROKER));
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aReloadIsSaidBeforeTheFilesAreWritten() {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.awaitAccepted();
      var set = fleet.get(StatefulSet.class, Fleet.BROKER);
      var files = fleet.get(Secret.class, "fleet-files");
      watch();
      fleet.broker("{listeners: [{name: mqtts, port: 8883, maxConnections: 7}]}");
      var told = awaitSaid("Applying");
      assertThat(told.message()).contains("by a reload", "no pod restarts");
      await()
          .atMost(Fleet.BOUND)
          .until(() -> version(Secret.class, "fleet-files") > version(files));
      assertThat(told.version()).isLessThan(version(Secret.class, "fleet-files"));
      assertThat(fleet.get(StatefulSet.class, Fleet.BROKER).getSpec().getTemplate())
          .isEqualTo(set.getSpec().getTemplate());
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  private Said awaitSaid(String reason) {
    return await("Ready: " + reason)
        .atMost(Fleet.BOUND)
        .until(
            () -> said.stream().filter(one -> one.reason().equals(reason)).findFirst(),
            found -> found.isPresent())
        .orElseThrow();
  }

  private long version(Class<? extends HasMetadata> kind, String name) {
    return version(fleet.get(kind, name));
  }

  private static long version(HasMetadata resource) {
    return Long.parseLong(resource.getMetadata().getResourceVersion());
  }

  private void watch() {
    var version = fleet.get(MqttBroker.class, Fleet.BROKER).getMetadata().getResourceVersion();
    watch =
        API.client()
            .resources(MqttBroker.class)
            .inNamespace(fleet.namespace())
            .withName(Fleet.BROKER)
            .watch(
                new ListOptionsBuilder().withResourceVersion(version).build(),
                new Watcher<MqttBroker>() {
                  @Override
                  public void eventReceived(Action action, MqttBroker broker) {
                    Conditions.find(broker.getStatus().conditions(), Conditions.READY)
                        .map(
                            ready ->
                                new Said(ready.getReason(), ready.getMessage(), version(broker)))
                        .ifPresent(said::add);
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                });
  }
}
