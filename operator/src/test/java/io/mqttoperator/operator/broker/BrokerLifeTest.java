package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerLifeTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final Fleet fleet = Fleet.in(API);

  private static final List<String> OWNED =
      List.of("fleet-server", "fleet-operator", "fleet-internal", "fleet-files", "fleet-files-0");

  /** What the garbage collector would do, which is not there. */
  private void collect() {
    OWNED.forEach(name -> fleet.delete(Secret.class, name));
    var client = API.client();
    var namespace = fleet.namespace();
    client.configMaps().inNamespace(namespace).withLabel("app.kubernetes.io/instance").delete();
    client.services().inNamespace(namespace).delete();
    client.serviceAccounts().inNamespace(namespace).delete();
    client.apps().statefulSets().inNamespace(namespace).delete();
    client.policy().v1().podDisruptionBudget().inNamespace(namespace).delete();
    client.network().v1().networkPolicies().inNamespace(namespace).delete();
  }

  @Test
  void aBrokerMadeAgainTakesUpItsAuthorityAndNothingElse() {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.awaitAccepted();
      var authority = fleet.get(Secret.class, "fleet-ca");
      assertThat(authority.getMetadata().getOwnerReferences()).isEmpty();
      assertThat(authority.getMetadata().getLabels())
          .containsEntry("mqttoperator.io/retained-for", "fleet");
      var server = fleet.value("fleet-server", "tls.key");
      fleet.delete(MqttBroker.class, Fleet.BROKER);
      fleet.awaitGone(MqttBroker.class, Fleet.BROKER);
      collect();
      fleet.broker("{}");
      fleet.awaitCondition(
          MqttBroker.class, Fleet.BROKER, "Accepted=True:Accepted", Duration.ofSeconds(45));
      assertThat(fleet.value("fleet-ca", "tls.key")).isEqualTo(Fleet.value(authority, "tls.key"));
      assertThat(fleet.value("fleet-server", "tls.key")).isNotEqualTo(server);
      assertThat(fleet.value("fleet-server", "ca.crt"))
          .isEqualTo(Fleet.value(authority, "tls.crt"));
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void anAuthorityThatIsNotRetainedIsTheBrokers() {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.awaitAccepted();
      var key = fleet.value("fleet-ca", "tls.key");
      fleet.broker("{certificates: {authority: {retain: false}}}");
      var uid = fleet.get(MqttBroker.class, Fleet.BROKER).getMetadata().getUid();
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () -> {
                var metadata = fleet.get(Secret.class, "fleet-ca").getMetadata();
                assertThat(metadata.getOwnerReferences())
                    .anyMatch(owner -> owner.getUid().equals(uid));
                assertThat(metadata.getLabels()).doesNotContainKey("mqttoperator.io/retained-for");
              });
      fleet.broker("{certificates: {authority: {retain: true}}}");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () ->
                  assertThat(fleet.get(Secret.class, "fleet-ca").getMetadata().getOwnerReferences())
                      .isEmpty());
      assertThat(fleet.value("fleet-ca", "tls.key")).isEqualTo(key);
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aNamespaceThatEndsIsNotHeldUp() {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.user("anna", "");
      fleet.acl("up", "up/#");
      fleet.awaitAccepted();
      fleet.awaitUser("anna");
      fleet.awaitAcl("up");
      API.client().namespaces().withName(fleet.namespace()).delete();
      await()
          .until(
              () ->
                  "Terminating"
                      .equals(
                          API.client()
                              .namespaces()
                              .withName(fleet.namespace())
                              .get()
                              .getStatus()
                              .getPhase()));
      // The namespace controller deletes kind by kind: first what the operator would make again.
      collect();
      fleet.delete(Secret.class, "anna-mqtt");
      fleet.delete(Secret.class, "fleet-ca");
      fleet.delete(MqttUser.class, "anna");
      fleet.delete(MqttAcl.class, "up");
      fleet.awaitGone(MqttUser.class, "anna");
      fleet.awaitGone(MqttAcl.class, "up");
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aBrokerThatCannotBeServedLetsItsUsersGo() {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.user("anna", "");
      fleet.awaitAccepted();
      fleet.awaitUser("anna");
      API.client()
          .secrets()
          .inNamespace(fleet.namespace())
          .withName("fleet-ca")
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"tls.key\":\"eA==\"}}");
      await()
          .atMost(Fleet.BOUND)
          .until(
              () ->
                  fleet
                      .condition(MqttBroker.class, Fleet.BROKER, "Accepted")
                      .startsWith("Accepted=False"));
      fleet.delete(MqttUser.class, "anna");
      fleet.awaitGone(MqttUser.class, "anna");
      assertThat(fleet.value("fleet-ca", "tls.key")).isEqualTo("x");
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void valuesOfANewerApiStopNobodyElse() {
    var crds = API.client().apiextensions().v1().customResourceDefinitions();
    var before = crds.withName("mqttbrokers.mqttoperator.io").get();
    crds.withName("mqttbrokers.mqttoperator.io")
        .patch(PatchContext.of(PatchType.JSON), openSchema());
    try (var operator = API.operator(fleet.namespace())) {
      var newer =
          """
          apiVersion: mqttoperator.io/v1alpha1
          kind: MqttBroker
          metadata: {name: newer}
          spec:
            certificates: {server: {keyAlgorithm: MlDsa65, brandNew: {a: [1]}}}
            listeners: [{name: q, port: 9000, transport: Quic, authentication: Passkey}]
            brandNew: true
          """;
      await()
          .ignoreExceptions()
          .atMost(Fleet.BOUND)
          .untilAsserted(() -> API.apply(fleet.namespace(), newer));
      await()
          .atMost(Fleet.BOUND)
          .until(
              () ->
                  fleet
                      .condition(MqttBroker.class, "newer", "Accepted")
                      .equals("Accepted=False:Invalid"));
      fleet.broker("{}");
      fleet.awaitAccepted();
      try (var restarted = API.operator(fleet.namespace())) {
        fleet.user("anna", "");
        fleet.awaitUser("anna");
        assertThat(restarted.caches().isLive()).isTrue();
      }
      assertThat(operator.requests().isCut()).isFalse();
    } finally {
      fleet.delete(MqttBroker.class, "newer");
      restore(before);
    }
  }

  /** Takes any spec, as a newer version would take some that this one does not know. */
  private static String openSchema() {
    return """
    [{"op":"replace","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec",
      "value":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}]
    """;
  }

  private static void restore(CustomResourceDefinition crd) {
    JsonNode spec =
        API.client()
            .getKubernetesSerialization()
            .convertValue(
                crd.getSpec()
                    .getVersions()
                    .getFirst()
                    .getSchema()
                    .getOpenAPIV3Schema()
                    .getProperties()
                    .get("spec"),
                JsonNode.class);
    API.client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(crd.getMetadata().getName())
        .patch(
            PatchContext.of(PatchType.JSON),
            "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/spec\",\"value\":"
                + spec
                + "}]");
  }
}
