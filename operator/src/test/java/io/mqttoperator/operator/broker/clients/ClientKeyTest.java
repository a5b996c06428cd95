package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus.Credential;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.testing.KeyConnection;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Pre-shared keys of users, and what a real Mosquitto makes of them. */
@Execution(ExecutionMode.CONCURRENT)
class ClientKeyTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String BROKER =
      """
      {listeners: [
        {name: mqtts, port: 8883},
        {name: tiny, port: 8885, authentication: PreSharedKey}]}
      """;
  private static final int TINY = 8885;
  private static final String READY = "Ready=True:Enforced";
  private static final String FIRST = "00112233445566778899aabbccddeeff";
  private static final String SECOND = "ffeeddccbbaa99887766554433221100";

  private final Fleet fleet = Fleet.in(API);
  private RunningOperator operator;
  private ServingPod pod;

  @BeforeEach
  void serve() {
    operator = API.operator(fleet.namespace());
    fleet.broker(BROKER);
    fleet.user("anna", "preSharedKey: {}");
    fleet.user("bert", "preSharedKey: {}, password: {}");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
    pod = fleet.serve();
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
  }

  @AfterEach
  void close() {
    operator.close();
    pod.close();
  }

  private String key(String user) {
    return fleet.value(user + "-mqtt", "psk");
  }

  private KeyConnection connect(String user, String key) {
    return new KeyConnection(pod.address(), TINY, user, key);
  }

  private void assertRefused(String user, String key) {
    assertThatThrownBy(() -> connect(user, key).close()).isInstanceOf(IllegalStateException.class);
  }

  private void offer(String key) {
    fleet.secret("own", Map.of("mqttoperator.io/credentials", "true"), Map.of("psk", key));
  }

  @Test
  void aKeyLetsInItsUserAndNobodyElse() {
    assertThat(fleet.get(Secret.class, "anna-mqtt").getData().keySet())
        .containsExactlyInAnyOrder("type", "provider", "host", "port", "uri", "username", "psk");
    assertThat(fleet.value("anna-mqtt", "port")).isEqualTo("8885");
    assertThat(fleet.value("anna-mqtt", "uri")).startsWith("mqtts://").endsWith(":8885");
    assertThat(key("anna")).matches("[0-9a-f]{64}").isNotEqualTo(key("bert"));
    assertThat(fleet.value("bert-mqtt", "port")).isEqualTo("8883");
    assertThat(fleet.get(Secret.class, "bert-mqtt").getData()).containsKeys("password", "ca.crt");
    assertThat(fleet.value("fleet-files-0", "password-0")).doesNotContain("anna").contains("bert");

    try (var client = connect("anna", key("anna"))) {
      assertThat(client.mayPublish("up/anna")).isTrue();
      assertThat(client.mayPublish("up/bert")).isFalse();
    }
    assertRefused("anna", key("bert"));
    assertRefused("nobody", key("bert"));
    connect("bert", key("bert")).close();
    fleet.connect(pod, "bert").close();
    assertThat(fleet.get(MqttBroker.class, Fleet.BROKER).getStatus().warnings())
        .singleElement()
        .asString()
        .contains("Mosquitto then speaks TLS 1.2 alone, on all listeners");
  }

  @Test
  void aRaisedGenerationEndsTheSessionAndRefusesTheOldKey() {
    var stolen = key("anna");
    try (var thief = connect("anna", stolen);
        var other = connect("bert", key("bert"))) {
      thief.subscribe("up/#");
      fleet.user("anna", "preSharedKey: {generation: 2}");
      fleet.awaitCondition(MqttUser.class, "anna", READY);
      assertThat(thief.ended()).succeedsWithin(Fleet.BOUND);
      assertRefused("anna", stolen);
      try (var client = connect("anna", key("anna"))) {
        assertThat(client.mayPublish("up/anna")).isTrue();
      }
      assertThat(other.mayPublish("up/bert")).isTrue();
      assertThat(other.ended()).isNotDone();
    }
    assertThat(fleet.value("fleet-sessions", "ending")).isEmpty();
  }

  @Test
  void aDeletedUserIsRefusedAndItsSessionOver() {
    var old = key("anna");
    try (var session = connect("anna", old)) {
      fleet.delete(MqttUser.class, "anna");
      fleet.awaitGone(MqttUser.class, "anna");
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused("anna", old);
  }

  /** As after `kubectl delete --force` while the operator was away. */
  @Test
  void aUserThatVanishedLeavesNoSession() {
    var old = key("anna");
    try (var session = connect("anna", old)) {
      operator.close();
      var anna = fleet.get(MqttUser.class, "anna");
      anna.getMetadata().setFinalizers(List.of());
      API.client().resource(anna).update();
      fleet.delete(MqttUser.class, "anna");
      fleet.awaitGone(MqttUser.class, "anna");
      operator = API.operator(fleet.namespace());
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused("anna", old);
  }

  @Test
  void whoIsDisabledIsRefusedAndComesBackWithTheSameKey() {
    var key = key("anna");
    try (var session = connect("anna", key)) {
      fleet.user("anna", "preSharedKey: {}, disabled: true");
      fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Disabled");
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused("anna", key);
    fleet.user("anna", "preSharedKey: {}");
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertThat(key("anna")).isEqualTo(key);
    connect("anna", key).close();
  }

  /**
   * Of more sessions than a Secret can list, some wait: without a key, a rule, or being forgotten.
   */
  @Test
  void aNameThatDoesNotFitTheListOfSessionsWaitsForItsTurn() {
    var many =
        IntStream.range(0, 9_000)
            .mapToObj(i -> "x".repeat(57) + (100_000 + i))
            .collect(Collectors.joining("\n"));
    var old = key("anna");
    try (var session = connect("anna", old)) {
      // Else the sessions of all those would be ended meanwhile.
      pod.holdBack();
      list(many);
      fleet.delete(MqttUser.class, "anna");
      await()
          .atMost(Fleet.BOUND)
          .until(() -> standsIn("anna").filter(key -> !key.equals(old)).isPresent());
      assertThat(fleet.value("fleet-files-0", "acl-0")).doesNotContain("anna");
      assertThat(fleet.find(MqttUser.class, "anna"))
          .as("held until its session is over")
          .isPresent();
      operator.close();
      operator = API.operator(fleet.namespace());
      await().atMost(Fleet.BOUND).until(() -> operator.passes() > 2);
      assertThat(standsIn("anna")).as("known to the next operator").isPresent();
      list("");
      pod.catchUp();
      fleet.awaitGone(MqttUser.class, "anna");
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
      await().atMost(Fleet.BOUND).until(() -> standsIn("anna").isEmpty());
    }
    assertRefused("anna", old);
  }

  private void list(String names) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(fleet.namespace())
            .withName("fleet-sessions")
            .withLabels(Labels.of(Fleet.BROKER, "sessions"))
            .withOwnerReferences(Ownership.controlledBy(fleet.get(MqttBroker.class, Fleet.BROKER)))
            .endMetadata()
            .withStringData(Map.of("ending", names))
            .build();
    API.client().resource(secret).createOr(NonDeletingOperation::update);
  }

  /** The key that pods are told of. */
  private Optional<String> standsIn(String user) {
    return fleet
        .value("fleet-files-0", "psk-0")
        .lines()
        .filter(line -> line.startsWith(user + ":"))
        .map(line -> line.substring(user.length() + 1))
        .findFirst();
  }

  @Test
  void aKeyThatIsNotAskedForAnyMoreGoes() {
    var old = key("bert");
    try (var session = connect("bert", old)) {
      fleet.user("bert", "password: {}");
      fleet.awaitCondition(MqttUser.class, "bert", READY);
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused("bert", old);
    assertThat(fleet.get(Secret.class, "bert-mqtt").getData()).doesNotContainKey("psk");
    fleet.connect(pod, "bert").close();
  }

  @Test
  void anOwnKeyIsTakenAndFollowsItsSecret() {
    offer(FIRST);
    fleet.user("carl", "preSharedKey: {secretRef: {name: own}}");
    fleet.awaitCondition(MqttUser.class, "carl", READY);
    assertThat(key("carl")).isEqualTo(FIRST);
    try (var session = connect("carl", FIRST)) {
      offer(SECOND);
      var version = fleet.get(Secret.class, "own").getMetadata().getResourceVersion();
      await()
          .atMost(Fleet.BOUND)
          .until(
              () -> {
                var proven = fleet.get(MqttUser.class, "carl").getStatus().credential();
                return proven != null && proven.resourceVersion().equals(version);
              });
      fleet.awaitCondition(MqttUser.class, "carl", READY);
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused("carl", FIRST);
    connect("carl", SECOND).close();
  }

  /** The key's version is told beside the password's. */
  @Test
  void anOwnKeyBesideAnOwnPasswordIsToldToo() {
    offer(FIRST);
    fleet.secret(
        "own-password",
        Map.of("mqttoperator.io/credentials", "true"),
        Map.of("password", "secret"));
    fleet.user(
        "carl",
        "password: {secretRef: {name: own-password}}, preSharedKey: {secretRef: {name: own}}");
    fleet.awaitCondition(MqttUser.class, "carl", READY);
    awaitTold("own-password");
    offer(SECOND);
    fleet.awaitCondition(MqttUser.class, "carl", READY);
    awaitTold("own-password");
    connect("carl", SECOND).close();
  }

  private void awaitTold(String password) {
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () -> {
              var status = fleet.get(MqttUser.class, "carl").getStatus();
              assertThat(status.credential()).isEqualTo(version(password));
              assertThat(status.preSharedKey()).isEqualTo(version("own"));
            });
  }

  private Credential version(String secret) {
    return new Credential(
        secret, fleet.get(Secret.class, secret).getMetadata().getResourceVersion());
  }

  @Test
  void aKeyThatIsNoneKeepsTheLastGoodOneAndIsNotSaid() {
    offer(FIRST);
    fleet.user("carl", "preSharedKey: {secretRef: {name: own}}");
    fleet.awaitCondition(MqttUser.class, "carl", READY);
    try (var session = connect("carl", FIRST)) {
      offer(SECOND + "xyz");
      fleet.awaitCondition(MqttUser.class, "carl", "Accepted=False:InvalidPreSharedKey");
      assertThat(fleet.message(MqttUser.class, "carl", "Accepted"))
          .isEqualTo(
              "spec.preSharedKey.secretRef: Secret own: the key is not an even number of hex"
                  + " digits.");
      assertThat(session.mayPublish("up/carl")).isTrue();
    }
    connect("carl", FIRST).close();
    fleet.delete(Secret.class, "own");
    fleet.awaitCondition(MqttUser.class, "carl", "Accepted=False:SecretNotFound");
    await().atMost(Fleet.BOUND).untilAsserted(() -> assertRefused("carl", FIRST));
  }

  @Test
  void aSecretMustBeOfferedAndHaveTheKey() {
    fleet.secret("own", Map.of(), Map.of("psk", FIRST));
    fleet.user("carl", "preSharedKey: {secretRef: {name: own}}");
    fleet.awaitCondition(MqttUser.class, "carl", "Accepted=False:SecretNotLabelled");
    fleet.secret("own", Map.of("mqttoperator.io/credentials", "true"), Map.of("key", FIRST));
    fleet.awaitCondition(MqttUser.class, "carl", "Accepted=False:SecretKeyMissing");
    fleet.user("carl", "preSharedKey: {secretRef: {name: own, key: key}}");
    fleet.awaitCondition(MqttUser.class, "carl", READY);
    connect("carl", FIRST).close();
  }

  @Test
  void withoutAListenerForKeysThereIsNone() {
    fleet.broker("{listeners: [{name: mqtts, port: 8883}]}");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:NoListener");
    assertThat(fleet.message(MqttUser.class, "anna", "Accepted"))
        .contains("authentication: PreSharedKey");
    fleet.awaitCondition(MqttUser.class, "bert", READY);
  }

  @Test
  void aLostSecretMeansALostKey() {
    var lost = key("anna");
    try (var session = connect("anna", lost)) {
      fleet.delete(Secret.class, "anna-mqtt");
      await()
          .atMost(Fleet.BOUND)
          .until(
              () ->
                  fleet
                      .find(Secret.class, "anna-mqtt")
                      .filter(found -> !Fleet.value(found, "psk").equals(lost))
                      .isPresent());
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    await()
        .atMost(Fleet.BOUND)
        .ignoreExceptions()
        .untilAsserted(() -> connect("anna", key("anna")).close());
    assertRefused("anna", lost);
  }

  @Test
  void plainCiphersAreWarnedOf() {
    fleet.broker(
        """
        {listeners: [{name: tiny, port: 8885, authentication: PreSharedKey,
          tls: {ciphers: [ECDHE-PSK-CHACHA20-POLY1305, PSK-AES128-CCM]}}]}
        """);
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () ->
                assertThat(
                        Objects.requireNonNull(
                            fleet.get(MqttBroker.class, Fleet.BROKER).getStatus().warnings()))
                    .anyMatch(
                        warning ->
                            warning.startsWith(
                                "Listener tiny takes ciphers that are not forward secret")));
  }
}
