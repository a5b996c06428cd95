package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hundreds of users at once, and one of whom something else is asked meanwhile. */
class CrowdTest {

  private static final int CROWD = 600;

  /** More than a pass under pressure writes. */
  private static final int KNOWN = 100;

  private static final Duration BOUND = Duration.ofSeconds(60);

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final Fleet fleet = Fleet.in(API);

  /** As after an uninstall, which takes all finalizers: nobody who is known is a newcomer. */
  @Test
  void whoIsKnownStaysThoughItsFinalizerIsGone() {
    fleet.broker("{listeners: [{name: psk, port: 8886, authentication: PreSharedKey}]}");
    for (int i = 0; i < KNOWN; i++) {
      fleet.user("small-" + i, "preSharedKey: {}");
    }
    try (var before = API.operator(fleet.namespace())) {
      await().atMost(BOUND).until(() -> keys() == KNOWN && before.passes() > 0);
      await().atMost(BOUND).until(() -> users().stream().allMatch(CrowdTest::isAccepted));
    }
    var release = API.client().resources(MqttUser.class).inNamespace(fleet.namespace());
    users()
        .forEach(
            user ->
                release
                    .withName(user.getMetadata().getName())
                    .edit(
                        held -> {
                          held.getMetadata().setFinalizers(List.of());
                          return held;
                        }));
    try (var operator = API.operator(fleet.namespace())) {
      await()
          .atMost(BOUND)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                assertThat(keys()).isEqualTo(KNOWN);
                return users().stream().allMatch(CrowdTest::isHeld);
              });
      await().atMost(BOUND).until(() -> operator.passes() > 1);
      assertThat(keys()).isEqualTo(KNOWN);
    }
  }

  private List<MqttUser> users() {
    return API.client().resources(MqttUser.class).inNamespace(fleet.namespace()).list().getItems();
  }

  private static boolean isAccepted(MqttUser user) {
    return user.getStatus() != null
        && (user.getMetadata().getName().equals("anna")
            || Conditions.isTrue(user.getStatus().conditions(), Conditions.ACCEPTED));
  }

  private long keys() {
    var name = RevisionFiles.keyShard(0);
    return fleet
        .find(Secret.class, shard(0))
        .filter(secret -> secret.getData().containsKey(name))
        .map(secret -> Fleet.value(secret, name).lines().count())
        .orElse(0L);
  }

  @BeforeEach
  void brokerWithAUser() {
    var before = API.operator(fleet.namespace());
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.awaitUser("anna");
    before.close();
  }

  @Test
  void whoIsThrownOutDoesNotWaitForThoseWhoAreLetIn() {
    crowd();
    try (var operator = API.operator(fleet.namespace())) {
      await().atMost(BOUND).until(() -> newcomers(operator.requests().writes()) > 0);
      fleet.user("anna", "disabled: true");
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(BOUND)
          .until(() -> !passwords().contains("anna:"));
      assertThat(newcomers(operator.requests().writes())).isLessThan(CROWD);
      await().atMost(BOUND).until(() -> lines() == CROWD);
      assertThat(
              API.client()
                  .resources(MqttUser.class)
                  .inNamespace(fleet.namespace())
                  .list()
                  .getItems())
          .allMatch(CrowdTest::isHeld);
    }
  }

  @Test
  void aCrowdGoesWhole() {
    crowd();
    try (var operator = API.operator(fleet.namespace())) {
      await().atMost(BOUND).until(() -> lines() == CROWD + 1);
      for (int i = 0; i < CROWD; i++) {
        fleet.delete(MqttUser.class, "device-" + i);
      }
      await()
          .atMost(BOUND)
          .until(
              () ->
                  API.client()
                          .resources(MqttUser.class)
                          .inNamespace(fleet.namespace())
                          .list()
                          .getItems()
                          .size()
                      == 1);
      assertThat(lines()).isEqualTo(1);
      assertThat(operator.passes()).isPositive();
    }
  }

  private void crowd() {
    for (int i = 0; i < CROWD; i++) {
      API.apply(
          fleet.namespace(),
          """
          apiVersion: mqttoperator.io/v1alpha1
          kind: MqttUser
          metadata: {name: device-%d, labels: {crowd: ""}}
          spec: {brokerRef: {name: %s}}
          """
              .formatted(i, Fleet.BROKER));
    }
  }

  /** Secrets of newcomers that were asked for. */
  private static int newcomers(List<String> writes) {
    return (int)
        writes.stream()
            .filter(write -> write.startsWith("POST") && write.endsWith("/secrets"))
            .count();
  }

  private static boolean isHeld(HasMetadata user) {
    return user.getMetadata().getFinalizers().contains(Labels.FINALIZER);
  }

  private long lines() {
    return passwords().lines().count();
  }

  /** Of all shards. */
  private String passwords() {
    var text = new StringBuilder();
    for (int index = 0; fleet.find(Secret.class, shard(index)).isPresent(); index++) {
      text.append(fleet.value(shard(index), "password-" + index));
    }
    return text.toString();
  }

  private static String shard(int index) {
    return "fleet-files-" + index;
  }
}
