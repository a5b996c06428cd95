package io.mqttoperator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed definitions, as a real kube-apiserver applies them. */
class SchemaOnApiServerTest {
  private static final KubeAPIServer SERVER =
      new KubeAPIServer(
          KubeAPIServerConfigBuilder.anAPIServerConfig().withUpdateKubeConfig(false).build());
  private static KubernetesClient client;

  @BeforeAll
  static void install() {
    SERVER.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(SERVER.getKubeConfigYaml()))
            .build();
    for (var definition : CustomResourceSchemas.generate().values()) {
      client.resource(definition).create();
      client
          .resource(definition)
          .waitUntilCondition(
              seen ->
                  seen.getStatus() != null
                      && seen.getStatus().getAcceptedNames() != null
                      && seen.getStatus().getConditions() != null
                      && seen.getStatus().getConditions().stream()
                          .anyMatch(
                              c ->
                                  c.getType().equals("Established")
                                      && c.getStatus().equals("True")),
              20,
              TimeUnit.SECONDS);
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    SERVER.stop();
  }

  static Stream<Case> valid() {
    return Case.in("valid-broker.yaml", "valid-user.yaml", "valid-acl.yaml");
  }

  static Stream<Case> invalid() {
    return Case.in("invalid-broker.yaml", "invalid-user.yaml", "invalid-acl.yaml");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void accepts(Case valid) {
    var stored =
        client.resource(valid.resource()).dryRun(true).fieldValidation(Validation.STRICT).create();
    assertThat(stored.getMetadata().getUid()).isNotEmpty();
    assertThat(stored.<Integer>get("status", "observedGeneration")).isEqualTo(-1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void refuses(Case invalid) {
    assertRefused(
        () -> client.resource(invalid.resource()).dryRun(true).create(),
        invalid.field(),
        invalid.message());
  }

  @Test
  void brokerWithoutSpecGetsItsDefaults() {
    var broker = resource("MqttBroker", "bare", null);
    var stored = client.resource(broker).dryRun(true).create();
    assertThat(stored.getAdditionalProperties().get("spec"))
        .isEqualTo(
            Serialization.unmarshal(
                """
                replicas: 1
                paused: false
                certificates:
                  authority: {keyAlgorithm: EcdsaP256, validity: 87600h, overlap: 168h, generation: 1, retain: true}
                  server: {keyAlgorithm: EcdsaP256, validity: 2160h, generation: 1}
                passwords: {iterations: 1000}
                messages: {retain: true, queueQos0: false}
                logging: {types: [error, warning, notice], connections: true}
                storage: {size: 1Gi, autosaveInterval: 60s, retain: true, ephemeral: false}
                """,
                Map.class));
  }

  @Test
  void listenerGetsItsDefaults() {
    var broker = resource("MqttBroker", "one", "{listeners: [{name: a, port: 1024}]}");
    var stored = client.resource(broker).dryRun(true).create();
    assertThat(stored.<Object>get("spec", "listeners"))
        .isEqualTo(
            Serialization.unmarshal(
                """
                - name: a
                  port: 1024
                  transport: Mqtt
                  authentication: Password
                  acceptTakeover: false
                  maxConnections: 1000
                  tls: {enabled: true, minVersion: "1.2"}
                  service: {type: ClusterIP}
                """,
                List.class));
  }

  @Test
  void serverSideApplyMergesListenersOfSeveralOwners() {
    var name = "merged";
    apply("first", "{name: a, port: 1024, maxConnections: 7}", name);
    apply("second", "{name: b, port: 1025}", name);
    var merged = apply("first", "{name: a, port: 1026}", name);
    assertThat(merged.<List<Map<String, Object>>>get("spec", "listeners"))
        .extracting(l -> l.get("name"), l -> l.get("port"), l -> l.get("maxConnections"))
        .containsExactly(tuple("a", 1026, 1000), tuple("b", 1025, 1000));
  }

  /** The rules' expressions against the same rules written level by level. */
  @Test
  void refusesExactlyTheTopicsThatAreNotFilters() {
    var topics = RandomTopics.distinct(64 * 32);
    var rules =
        IntStream.range(0, 64)
            .mapToObj(i -> Map.of("topics", topics.subList(i * 32, i * 32 + 32), "effect", "Deny"))
            .toList();
    var acl = acl("b");
    acl.<Map<String, Object>>get("spec").put("rules", rules);
    var refusal =
        catchThrowableOfType(
            KubernetesClientException.class, () -> client.resource(acl).dryRun(true).create());
    assertThat(refusal).isNotNull();
    var expected =
        IntStream.range(0, topics.size())
            .filter(i -> !RandomTopics.isFilter(topics.get(i)))
            .mapToObj(i -> "spec.rules[" + i / 32 + "].topics[" + i % 32 + "]")
            .toList();
    assertThat(expected).hasSizeBetween(500, topics.size() - 500);
    assertThat(refusal.getStatus().getDetails().getCauses())
        .extracting(StatusCause::getField)
        .isSubsetOf(expected)
        .containsAll(expected);
  }

  @Test
  void usernameCannotBeSetChangedOrRemoved() {
    var message = ReferenceRules.SAME_USERNAME_MESSAGE;
    var without = user("without", "brokerRef: {name: b}");
    var with = user("with", "brokerRef: {name: b}, username: ann");
    client.resource(without).create();
    client.resource(with).create();
    assertRefused(user("without", "brokerRef: {name: b}, username: ann"), "spec.username", message);
    assertRefused(user("with", "brokerRef: {name: b}, username: bob"), "spec.username", message);
    assertRefused(user("with", "brokerRef: {name: b}"), "spec.username", message);
    client.resource(user("with", "brokerRef: {name: b}, username: ann, disabled: true")).update();
  }

  @Test
  void whereTheUsernameComesFromCannotBeChanged() {
    var message = UserRules.SAME_SOURCE_OF_NAME_MESSAGE;
    var named = "brokerRef: {name: b}, password: {secretRef: {name: s, usernameKey: user}}";
    var plain = "brokerRef: {name: b}, password: {secretRef: {name: s}}";
    client.resource(user("named", named)).create();
    client.resource(user("plain", plain)).create();
    assertRefused(user("named", plain), "spec.password", message);
    assertRefused(user("named", "brokerRef: {name: b}"), "spec.password", message);
    assertRefused(user("named", "brokerRef: {name: b}, password: {}"), "spec.password", message);
    assertRefused(user("plain", named), "spec.password", message);
    client.resource(user("named", named.replace("user}", "login}"))).update();
  }

  @Test
  void brokerRefCannotBeChanged() {
    var message = ReferenceRules.SAME_BROKER_MESSAGE;
    client.resource(user("bound", "brokerRef: {name: b}")).create();
    assertRefused(user("bound", "brokerRef: {name: c}"), "spec.brokerRef", message);
    assertRefused(user("bound", "brokerRef: {name: b, namespace: x}"), "spec.brokerRef", message);
    client.resource(acl("b")).create();
    assertRefused(acl("c"), "spec.brokerRef", message);
  }

  @Test
  void aStatusIsWrittenAndScaleIsServed() {
    client.resource(resource("MqttBroker", "scaled", null)).create();
    var broker = client.resources(MqttBroker.class).inNamespace("default").withName("scaled");
    var written =
        broker.editStatus(
            found -> {
              found.setStatus(
                  new MqttBrokerStatus(
                      1L,
                      null,
                      1,
                      1,
                      "app.kubernetes.io/instance=scaled",
                      null,
                      null,
                      null,
                      null,
                      null));
              return found;
            });
    assertThat(written.getStatus().observedGeneration()).isEqualTo(1);
    var scale = broker.scale();
    assertThat(scale.getSpec().getReplicas()).isEqualTo(1);
    assertThat(scale.getStatus().getSelector()).isEqualTo("app.kubernetes.io/instance=scaled");
  }

  private static GenericKubernetesResource apply(String owner, String listener, String name) {
    return client
        .resource(resource("MqttBroker", name, "{listeners: [%s]}".formatted(listener)))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(owner)
                .build());
  }

  private static void assertRefused(
      GenericKubernetesResource changed, String field, String message) {
    assertRefused(() -> client.resource(changed).update(), field, message);
  }

  private static void assertRefused(ThrowingCallable write, String field, String message) {
    var refusal = catchThrowableOfType(KubernetesClientException.class, write);
    assertThat(refusal).as("accepted").isNotNull();
    var causes =
        refusal.getStatus().getDetails().getCauses().stream()
            // Where an error of the schema's own kept rules from being asked.
            .filter(cause -> !"<nil>".equals(cause.getField()))
            .toList();
    assertThat(causes).as(refusal.getMessage()).hasSize(1);
    assertThat(causes.getFirst().getField()).isEqualTo(field);
    assertThat(causes.getFirst().getMessage()).endsWith(message);
  }

  private static GenericKubernetesResource user(String name, String spec) {
    return resource("MqttUser", name, "{" + spec + "}");
  }

  private static GenericKubernetesResource acl(String broker) {
    return resource(
        "MqttAcl",
        "bound",
        "{brokerRef: {name: %s}, subjects: [{allUsers: true}], rules: [{topics: [a], effect: Deny}]}"
            .formatted(broker));
  }

  private static GenericKubernetesResource resource(
      String kind, String name, @Nullable String spec) {
    var yaml = "kind: " + kind + "\nmetadata: {name: " + name + "}\n";
    return Case.complete(
        Serialization.unmarshal(
            spec == null ? yaml : yaml + "spec: " + spec, GenericKubernetesResource.class));
  }
}
