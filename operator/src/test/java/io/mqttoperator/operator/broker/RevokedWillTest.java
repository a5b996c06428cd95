package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import io.mqttoperator.operator.testing.UserConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of the will of a user whose connection the operator ends, with a real Mosquitto. */
@Execution(ExecutionMode.CONCURRENT)
class RevokedWillTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String READY = "Ready=True:Enforced";

  private final Fleet fleet = Fleet.in(API);

  private UserConnection withWill(ServingPod pod, String user) {
    var secret = fleet.get(Secret.class, user + "-mqtt");
    return new UserConnection(
        pod,
        Fleet.value(secret, "host"),
        Fleet.value(secret, "ca.crt"),
        Fleet.value(secret, "username"),
        Fleet.value(secret, "password"),
        "wills/" + user);
  }

  @Test
  void noRevocationPublishesAWill() {
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      fleet.broker("{listeners: [{name: mqtts, port: 8883}]}");
      for (var user : List.of("watcher", "disabled", "deleted", "rotated", "leaving")) {
        fleet.user(user, "");
      }
      fleet.acl("up", "wills/{username}");
      fleet.apply(
          "MqttAcl",
          "all",
          "{brokerRef: {name: fleet}, subjects: [{user: watcher}], rules: [{topics: ['wills/#'], access: [Subscribe]}]}");
      fleet.awaitAccepted();
      try (ServingPod pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "leaving", READY);
        fleet.awaitCondition(MqttUser.class, "watcher", READY);
        try (var watcher = fleet.connect(pod, "watcher");
            var disabled = withWill(pod, "disabled");
            var deleted = withWill(pod, "deleted");
            var rotated = withWill(pod, "rotated");
            var leaving = withWill(pod, "leaving")) {
          watcher.subscribe("wills/#");
          fleet.user("disabled", "disabled: true");
          fleet.delete(MqttUser.class, "deleted");
          fleet.user("rotated", "password: {generation: 2}");
          for (var one : List.of(disabled, deleted, rotated)) {
            await().atMost(Fleet.BOUND).until(() -> one.ended().isDone());
          }
          // That this one's comes is the proof that the watcher would see the others'.
          leaving.disconnectWithWill();
          await()
              .atMost(Fleet.BOUND)
              .untilAsserted(() -> assertThat(watcher.received()).contains("wills/leaving"));
          await()
              .during(Duration.ofSeconds(1))
              .atMost(Fleet.BOUND)
              .untilAsserted(() -> assertThat(watcher.received()).containsOnly("wills/leaving"));
        }
        assertThat(operator.passes()).isPositive();
      }
    }
  }
}
