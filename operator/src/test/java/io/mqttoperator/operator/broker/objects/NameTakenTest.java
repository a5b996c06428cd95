package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class NameTakenTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  /** A refusal is looked at again after 30 s. */
  private static final Duration RECOVERY = Duration.ofSeconds(45);

  /** API version, kind, name, and the rest of somebody else's object. */
  private record Foreign(String apiVersion, String kind, String name, String rest) {

    void create(Fleet fleet, String labels) {
      API.apply(
          fleet.namespace(),
          """
          apiVersion: %s
          kind: %s
          metadata: {name: %s, labels: %s}
          %s
          """
              .formatted(apiVersion, kind, name, labels, rest));
    }

    HasMetadata find(Fleet fleet) {
      return API.client()
          .genericKubernetesResources(apiVersion, kind)
          .inNamespace(fleet.namespace())
          .withName(name)
          .require();
    }

    void delete(Fleet fleet) {
      API.client()
          .genericKubernetesResources(apiVersion, kind)
          .inNamespace(fleet.namespace())
          .withName(name)
          .delete();
    }

    @Override
    public String toString() {
      return kind + " " + name;
    }
  }

  private static Foreign secret(String name) {
    return new Foreign("v1", "Secret", name, "stringData: {some: body's}");
  }

  private static final List<Foreign> FOREIGN =
      List.of(
          secret("fleet-ca"),
          secret("fleet-server"),
          secret("fleet-operator"),
          secret("fleet-internal"),
          secret("fleet-files"),
          secret("fleet-files-0"),
          new Foreign("v1", "ConfigMap", "fleet-trust", "data: {ca.crt: theirs}"),
          new Foreign("v1", "ConfigMap", "fleet-supervisor", "data: {x: y}"),
          new Foreign("v1", "Service", "fleet", "spec: {ports: [{port: 80}]}"),
          new Foreign("v1", "Service", "fleet-pods", "spec: {ports: [{port: 80}]}"),
          new Foreign("v1", "ServiceAccount", "fleet", ""),
          new Foreign("policy/v1", "PodDisruptionBudget", "fleet", "spec: {minAvailable: 1}"),
          new Foreign("networking.k8s.io/v1", "NetworkPolicy", "fleet", "spec: {podSelector: {}}"),
          new Foreign(
              "apps/v1",
              "StatefulSet",
              "fleet",
              "spec: {selector: {matchLabels: {a: b}}, serviceName: x, template: {metadata: {labels: {a: b}},"
                  + " spec: {containers: [{name: c, image: i}]}}}"));

  @Test
  void somebodyElsesObjectIsNeverTouchedAndItsNameIsTakenWhenItGoes() {
    var fleets = new LinkedHashMap<Foreign, Fleet>();
    var versions = new LinkedHashMap<Foreign, String>();
    var operators = new ArrayList<RunningOperator>();
    try {
      for (var foreign : FOREIGN) {
        var fleet = Fleet.in(API);
        fleets.put(foreign, fleet);
        foreign.create(fleet, "{}");
        versions.put(foreign, foreign.find(fleet).getMetadata().getResourceVersion());
        operators.add(API.operator(fleet.namespace()));
        fleet.broker("{}");
        fleet.user("anna", "");
      }
      fleets.forEach(NameTakenTest::assertRefused);
      fleets.forEach(
          (foreign, fleet) ->
              assertThat(foreign.find(fleet).getMetadata().getResourceVersion())
                  .as("%s", foreign)
                  .isEqualTo(versions.get(foreign)));
      operators.forEach(NameTakenTest::assertPatient);
      fleets.forEach((foreign, fleet) -> foreign.delete(fleet));
      fleets.forEach(
          (foreign, fleet) -> {
            fleet.awaitCondition(
                MqttBroker.class, Fleet.BROKER, "Accepted=True:Accepted", RECOVERY);
            fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:NoRunningPod", RECOVERY);
          });
    } finally {
      operators.forEach(RunningOperator::close);
    }
  }

  private static void assertRefused(Foreign foreign, Fleet fleet) {
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:NameTaken");
    assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
        .contains(foreign.toString());
    // The user is told, and can go: no pod runs that could let it in.
    await(foreign + ": the user's status")
        .atMost(Fleet.BOUND)
        .until(() -> !fleet.condition(MqttUser.class, "anna", "Accepted").isEmpty());
    fleet.user("bert", "");
    await(foreign + ": another user's status")
        .atMost(Fleet.BOUND)
        .until(() -> !fleet.condition(MqttUser.class, "bert", "Accepted").isEmpty());
    fleet.delete(MqttUser.class, "bert");
    fleet.awaitGone(MqttUser.class, "bert");
  }

  /** Once all is said, it writes nothing for some seconds. */
  private static void assertPatient(RunningOperator operator) {
    var before = operator.requests().writes().size();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(2))
        .until(() -> operator.requests().writes().size() == before);
  }

  @Test
  void aUserReachesNobodyElsesSecret() {
    var fleet = Fleet.in(API);
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.user("anna", "");
      fleet.awaitAccepted();
      fleet.awaitUser("anna");
      secret("carl-mqtt").create(fleet, "{app.kubernetes.io/managed-by: mqtt-operator}");
      var taken =
          Map.of(
              "eve", "fleet-ca",
              "eva", "anna-mqtt",
              "evi", "fleet-files",
              "carl", "carl-mqtt");
      var before = new LinkedHashMap<String, String>();
      taken.values().forEach(name -> before.put(name, version(fleet, name)));
      taken.forEach((user, name) -> fleet.user(user, "secret: {name: " + name + "}"));
      taken.forEach(
          (user, name) -> {
            fleet.awaitCondition(MqttUser.class, user, "Accepted=False:NameTaken");
            assertThat(fleet.message(MqttUser.class, user, "Accepted")).contains("Secret " + name);
          });
      before.remove("fleet-files"); // Written when a user comes.
      before.forEach(
          (name, version) -> assertThat(version(fleet, name)).as(name).isEqualTo(version));
      assertThat(fleet.get(Secret.class, "fleet-files").getData()).containsKey("manifest");
      fleet.awaitUser("anna");
      assertThat(operator.requests().isCut()).isFalse();
      fleet.delete(Secret.class, "carl-mqtt");
      fleet.awaitCondition(MqttUser.class, "carl", "Enforced=Unknown:NoRunningPod", RECOVERY);
    }
  }

  private static String version(Fleet fleet, String secret) {
    return fleet.get(Secret.class, secret).getMetadata().getResourceVersion();
  }
}
