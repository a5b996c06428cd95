package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A user whose Secret says its name and its password, on a broker of two pods. */
@OnCluster
final class NameFromSecretE2eTest {

  private static final int PODS = 2;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec: {replicas: 2}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: witness}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: own}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["up/{username}"], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;

  NameFromSecretE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(MANIFESTS);
  }

  /** As a tool that makes name and password together writes it. */
  private String writes(String secret, Login login) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: %s
          labels: {mqttoperator.io/credentials: "true"}
        stringData: {username: "%s", password: "%s"}
        """
            .formatted(secret, login.username(), login.password().orElseThrow()));
    return Objects.requireNonNull(
        cluster
            .client()
            .secrets()
            .inNamespace(cluster.namespace())
            .withName(secret)
            .get()
            .getMetadata()
            .getResourceVersion());
  }

  private void user(String name) {
    cluster.apply(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: %1$s}
        spec:
          brokerRef: {name: fleet}
          password: {secretRef: {name: of-%1$s, usernameKey: username}}
        """
            .formatted(name));
  }

  private void awaitProven(String user, String version, String username) {
    Awaitility.await(user + " is proven as " + username)
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        List.of(
                            said(user, "{.status.credential.resourceVersion}"),
                            said(user, "{.status.username}"),
                            said(user, "{.status.conditions[?(@.type=='Ready')].status}")))
                    .containsExactly(version, username, "True"));
  }

  private String said(String user, String path) {
    return cluster.kubectl().run("get", "mqu", user, "-o", "jsonpath=" + path).orFail();
  }

  private Client at(int pod, Login login) {
    return Client.at(broker.pod(pod, Broker.DEFAULT_PORT), broker.trust()).login(login);
  }

  private void assertRefused(Login login) {
    for (var pod = 0; pod < PODS; pod++) {
      var client = at(pod, login);
      assertThatExceptionOfType(Refused.class).isThrownBy(() -> client.connect().close());
    }
  }

  @Test
  void aChangedNameIsProvenOnEveryPodAndTheOldOneIsOver() {
    var old = new Login("v-gateway-1", "password-of-one");
    var next = new Login("v-gateway-2", "password-of-two");
    var first = writes("of-gateway", old);
    user("gateway");
    awaitProven("gateway", first, old.username());
    assertThat(broker.login("gateway").username()).isEqualTo(old.username());
    var sessions = List.of(at(0, old).keepingSession().connect(), at(1, old).connect());
    sessions.forEach(session -> session.subscribe("up/" + old.username()));
    try (var witness = broker.client("witness").connect()) {
      var second = writes("of-gateway", next);
      awaitProven("gateway", second, next.username());

      assertRefused(old);
      assertRefused(new Login(old.username(), "password-of-two"));
      assertRefused(new Login(next.username(), "password-of-one"));
      Awaitility.await("the sessions of the old name end")
          .atMost(LIMIT)
          .until(() -> sessions.stream().noneMatch(Session::isConnected));
      sessions.forEach(Session::close);
      for (var pod = 0; pod < PODS; pod++) {
        try (var gateway = at(pod, next).connect()) {
          assertThat(gateway.isSessionPresent()).isFalse();
          assertThat(gateway.publish("up/v-gateway-2", "x")).isLessThan(0x80);
          assertThat(gateway.publish("up/v-gateway-1", "x")).isEqualTo(0x87);
        }
      }
      // Nobody else has noticed.
      assertThat(witness.isConnected()).isTrue();
    }
    assertThat(broker.login("gateway").username()).isEqualTo(next.username());

    // Who gets the name that was given up finds nothing of what was there.
    var heir = writes("of-heir", new Login(old.username(), "password-of-heir"));
    user("heir");
    awaitProven("heir", heir, old.username());
    assertRefused(old);
    try (var session =
        at(0, new Login(old.username(), "password-of-heir")).keepingSession().connect()) {
      assertThat(session.isSessionPresent()).isFalse();
    }
  }

  @Test
  void aNameThatAnotherHasIsNotTakenOver() {
    var thief = writes("of-thief", new Login("v-thief", "password-of-thief"));
    user("thief");
    awaitProven("thief", thief, "v-thief");
    var asked = new Login("witness", "password-of-thief");
    writes("of-thief", asked);
    cluster.awaitCondition("mqu", "thief", "Accepted", "False", "UsernameConflict");
    cluster.awaitReady("mqu", "witness", LIMIT);
    broker.client("witness").connect().close();
    Awaitility.await("the thief is refused")
        .atMost(LIMIT)
        .untilAsserted(() -> assertRefused(new Login("v-thief", "password-of-thief")));
    assertRefused(asked);
    cluster.delete("secret", "of-thief");
    cluster.awaitCondition("mqu", "thief", "Accepted", "False", "SecretNotFound");
    assertThat(said("thief", "{.status.username}")).isEqualTo("v-thief");
  }
}
