package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code examples/external-secrets/} with a real External Secrets Operator: what the store says is
 * what clients log in with. {@code e2e/integrations/run} runs it.
 */
@OnCluster
final class ExternalSecretsIntegrationTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** The refreshInterval of push.yaml. */
  private static final Duration REFRESH = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Broker broker;

  ExternalSecretsIntegrationTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    for (var file : new String[] {"credentials.yaml", "push.yaml"}) {
      Example.of(cluster, "external-secrets/" + file)
          .replace("remoteNamespace: default", "remoteNamespace: " + cluster.namespace())
          // The one here is no pod: it does not know the names of the cluster.
          .replace("https://kubernetes.default.svc", cluster.client().getMasterUrl().toString())
          .apply(cluster);
    }
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
    for (var user : new String[] {"gateway", "meter", "pump"}) {
      cluster.awaitReady("mqu", user, Cluster.START_LIMIT);
    }
  }

  /** Puts it into the store, and has it fetched now instead of within the hour. */
  private void store(String externalSecret, String json) {
    cluster
        .kubectl()
        .run("patch", "secret", "store", "--type=merge", "-p", "{\"stringData\":" + json + "}")
        .orFail();
    cluster
        .kubectl()
        .run(
            "annotate",
            "--overwrite",
            "externalsecret",
            externalSecret,
            "force-sync=" + Instant.now().toEpochMilli())
        .orFail();
  }

  private Secret fetched(String name) {
    return cluster.client().secrets().inNamespace(cluster.namespace()).withName(name).require();
  }

  private void awaitFetched(String secret, String key, String value) {
    Awaitility.await(secret + " is fetched")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Login.text(cluster.secret(secret), key).equals(value));
  }

  /** What docs/credentials.md says to wait for. */
  private void awaitProven(String user, String secret) {
    var began = Instant.now();
    Awaitility.await(user + " has what " + secret + " says")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              var version = fetched(secret).getMetadata().getResourceVersion();
              return Objects.equals(
                      cluster.get("mqu", user).get("status", "credential", "resourceVersion"),
                      version)
                  && cluster.condition("mqu", user, "Ready").orElseThrow().status().equals("True");
            });
    System.out.println(
        "external-secrets: %s fetched to proven, ms: %d"
            .formatted(user, Duration.between(began, Instant.now()).toMillis()));
  }

  private Client at(Login login) {
    return Client.at(broker.service(Broker.DEFAULT_PORT), broker.trust()).login(login);
  }

  private void assertRefused(Login login) {
    var client = at(login);
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> client.connect().close());
  }

  @Test
  void aPasswordOfTheStoreIsTakenAndRotated() {
    var old = new Login("meter", "another correct horse");
    assertThat(broker.login("meter")).isEqualTo(old);
    at(old).connect().close();

    store("meter", "{\"meter-password\":\"a third horse\"}");
    awaitFetched("meter-password", "password", "a third horse");
    awaitProven("meter", "meter-password");
    assertRefused(old);
    try (var meter = at(new Login("meter", "a third horse")).connect()) {
      assertThat(meter.publish("up/meter", "x")).isLessThan(0x80);
    }
  }

  @Test
  void aNameAndAPasswordAreRotatedTogether() {
    var old = new Login("v-gateway-1", "correct horse battery staple");
    var next = new Login("v-gateway-2", "staple battery horse correct");
    try (var session = at(old).connect()) {
      assertThat(session.publish("up/v-gateway-1", "x")).isLessThan(0x80);
      store(
          "gateway",
          "{\"gateway-username\":\"%s\",\"gateway-password\":\"%s\"}"
              .formatted(next.username(), next.password().orElseThrow()));
      awaitFetched("gateway-login", "username", next.username());
      awaitProven("gateway", "gateway-login");
      assertRefused(old);
      Awaitility.await("the session of the old name ends")
          .atMost(LIMIT)
          .until(() -> !session.isConnected());
    }
    try (var gateway = at(next).connect()) {
      assertThat(gateway.publish("up/v-gateway-2", "x")).isLessThan(0x80);
      assertThat(gateway.publish("up/v-gateway-1", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
    assertThat(cluster.get("mqu", "gateway").toString()).doesNotContain("staple");
  }

  @Test
  void aGeneratedPasswordIsPushedAndPushedAgainWhenItChanges() {
    awaitPushed();
    var first = broker.login("pump");
    cluster
        .kubectl()
        .run(
            "patch",
            "mqu",
            "pump",
            "--type=merge",
            "-p",
            "{\"spec\":{\"password\":{\"generation\":2}}}")
        .orFail();
    cluster.awaitReady("mqu", "pump", LIMIT);
    Awaitility.await("another password")
        .atMost(LIMIT)
        .until(() -> !broker.login("pump").equals(first));
    awaitPushed();
    assertRefused(first);
    at(Login.of(cluster.secret("pushed-pump"))).connect().close();
  }

  private void awaitPushed() {
    Awaitility.await("the store has it")
        .atMost(REFRESH.plus(LIMIT))
        .ignoreException(AssertionError.class)
        .untilAsserted(
            () ->
                assertThat(Login.of(cluster.secret("pushed-pump")))
                    .isEqualTo(broker.login("pump")));
  }
}
