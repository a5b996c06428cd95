package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said of users and ACLs is what a pod does: one with a real Mosquitto. */
class EnforcementTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final Map<String, String> OFFERED = Map.of(Labels.CREDENTIALS, "true");

  private final Fleet fleet = Fleet.in(API);
  private RunningOperator operator;
  private ServingPod pod;

  @BeforeEach
  void serve() {
    operator = API.operator(fleet.namespace());
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
    pod = fleet.serve();
    awaitReady(MqttUser.class, "anna");
    awaitReady(MqttAcl.class, "up");
  }

  @AfterEach
  void close() {
    operator.close();
    pod.close();
  }

  private void awaitReady(Class<? extends HasMetadata> kind, String name) {
    fleet.awaitCondition(kind, name, "Ready=True:Enforced");
    assertThat(fleet.condition(kind, name, "Enforced")).isEqualTo("Enforced=True:Enforced");
  }

  @Test
  void aUserIsReadyOnceThePodLetsItIn() {
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "AccessEnforced=True:Enforced");
    assertThat(pod.annotations()).containsExactly(revision());
    fleet.user("bert", "");
    awaitReady(MqttUser.class, "bert");
    try (var bert = fleet.connect(pod, "bert")) {
      assertThat(bert.mayPublish("up/bert")).isTrue();
      assertThat(bert.mayPublish("up/anna")).isFalse();
    }
    assertThat(pod.annotations()).hasSize(2).endsWith(revision());
  }

  @Test
  void itIsNotWhileThePodDoesNotTakeTheRevision() {
    pod.holdBack();
    var enforced = operator.enforced().size();
    fleet.user("bert", "");
    fleet.awaitCondition(MqttUser.class, "bert", "Enforced=Unknown:Applying");
    var told = pod.annotations().size();
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () ->
                assertThat(pod.annotations().stream().skip(1))
                    .startsWith(newest(), newest() + ".1", newest() + ".2"));
    assertThat(told).isLessThan(pod.annotations().size());
    assertThat(fleet.condition(MqttUser.class, "bert", "Enforced"))
        .isEqualTo("Enforced=Unknown:Applying");
    assertThat(fleet.condition(MqttUser.class, "bert", "Ready"))
        .isEqualTo("Ready=Unknown:Applying");
    assertThatThrownBy(() -> fleet.connect(pod, "bert")).isInstanceOf(Mqtt5ConnAckException.class);
    assertThat(operator.enforced()).hasSize(enforced);
    pod.catchUp();
    awaitReady(MqttUser.class, "bert");
    await().atMost(Fleet.BOUND).until(() -> operator.enforced().size() == enforced + 1);
    // It has waited for two attempts at least.
    assertThat(operator.enforced().getLast()).isBetween(Duration.ofSeconds(1), Fleet.BOUND);
    fleet.connect(pod, "bert").close();
    assertThat(newest()).isEqualTo(revision());
  }

  /** What the pods are to take. */
  private String newest() {
    return fleet.value("fleet-files", "revision").strip();
  }

  /** What the broker's status says that they have taken. */
  private String revision() {
    var revision = fleet.status(MqttBrokerStatus::access).revision();
    assertThat(fleet.status(MqttBrokerStatus::pods))
        .hasSize(1)
        .allSatisfy(seen -> assertThat(seen.accessRevision()).isEqualTo(revision));
    return revision;
  }

  @Test
  void aLabelThatChangesAUsersRulesTakesItsStatusBackUntilItIsProven() {
    fleet.acl("down", "{userSelector: {matchLabels: {team: b}}}", "down/{username}");
    awaitReady(MqttAcl.class, "down");
    var told = pod.annotations().size();
    try (var anna = fleet.connect(pod, "anna");
        var ofUser = ConditionHistory.of(fleet, MqttUser.class, "anna");
        var ofAcl = ConditionHistory.of(fleet, MqttAcl.class, "down");
        var ofOther = ConditionHistory.of(fleet, MqttAcl.class, "up")) {
      assertThat(anna.mayPublish("down/anna")).isFalse();
      label("anna", "b");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () -> {
                ofUser.assertTakenBackUntilProven();
                ofAcl.assertTakenBackUntilProven();
              });
      assertThat(pod.annotations()).hasSizeGreaterThan(told);
      assertThat(anna.mayPublish("down/anna")).isTrue();
      assertThat(fleet.get(MqttAcl.class, "down").getStatus().matchedUsers()).isEqualTo(1);
      ofOther.assertUntouched();
    }
  }

  private void label(String user, String team) {
    API.apply(
        fleet.namespace(),
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: %s, labels: {team: %s}}
        spec: {brokerRef: {name: fleet}}
        """
            .formatted(user, team));
  }

  @Test
  void anOwnSecretThatChangesTakesTheUsersStatusBackUntilItIsProven() {
    fleet.secret("own", OFFERED, Map.of("password", "the first password"));
    fleet.user("bert", "password: {secretRef: {name: own}}");
    awaitReady(MqttUser.class, "bert");
    try (var bert = fleet.connect(pod, "bert");
        var ofUser = ConditionHistory.of(fleet, MqttUser.class, "bert");
        var ofOther = ConditionHistory.of(fleet, MqttUser.class, "anna")) {
      fleet.secret("own", OFFERED, Map.of("password", "the second password"));
      await().atMost(Fleet.BOUND).untilAsserted(ofUser::assertTakenBackUntilProven);
      assertThat(bert.ended()).succeedsWithin(Duration.ofSeconds(5));
      assertThat(fleet.value("bert-mqtt", "password")).isEqualTo("the second password");
      fleet.connect(pod, "bert").close();
      ofOther.assertUntouched();
    }
  }

  @Test
  void aDisabledUserIsReadyOnceThePodRefusesIt() {
    try (var anna = fleet.connect(pod, "anna")) {
      pod.holdBack();
      fleet.user("anna", "disabled: true");
      fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
      assertThat(anna.mayPublish("up/anna")).isTrue();
      pod.catchUp();
      fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Disabled");
      assertThat(anna.ended()).succeedsWithin(Duration.ofSeconds(5));
    }
    assertThatThrownBy(() -> fleet.connect(pod, "anna")).isInstanceOf(Mqtt5ConnAckException.class);
  }
}
