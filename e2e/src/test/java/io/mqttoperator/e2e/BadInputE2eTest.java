package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What cannot be is refused with a message that says what to do, and what ran before still runs: a
 * client stays connected, a known user logs in, the pod is the same.
 */
@OnCluster
final class BadInputE2eTest {

  private static final String LISTENERS = "listeners: [{name: mqtts, port: 8883}]";

  private final Cluster cluster;
  private final Broker broker;
  private final Map<String, String> incarnation;
  private Session witness;

  BadInputE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    cluster.applyAndAwait(broker(LISTENERS) + user("witness", "") + user("regular", ""));
    incarnation = broker.incarnation();
    witness = broker.client("witness").connect();
  }

  @BeforeAll
  void connect() {
    assertThat(witness.isConnected()).isTrue();
  }

  @AfterEach
  void whatRanBeforeStillRuns() {
    assertThat(witness.isConnected()).isTrue();
    broker.client("regular").connect().close();
    assertThat(broker.incarnation()).isEqualTo(incarnation);
  }

  @AfterAll
  void disconnect() {
    witness.close();
  }

  /** What the API server refuses: a manifest, and what the message names. */
  Stream<Arguments> refusedBySchema() {
    return Stream.of(
        Arguments.of(acl("\"a/#/b\""), "spec.rules[0].topics[0]"),
        Arguments.of(acl("a+/b"), "spec.rules[0].topics[0]"),
        Arguments.of(acl("\" a\""), "space"),
        Arguments.of(acl("\"a \""), "space"),
        Arguments.of(acl("$CONTROL/dynamic-security/v1"), "$SYS"),
        Arguments.of(acl("\"a\\ntopic readwrite #\""), "spec.rules[0].topics[0]"),
        Arguments.of(user("bad", "username: \"a:b\""), "spec.username"),
        Arguments.of(user("bad", "username: \"a\\nb\""), "spec.username"),
        Arguments.of(user("bad", "username: \"a\\u0007b\""), "spec.username"),
        Arguments.of(user("witness", "username: other"), "cannot be set, changed or removed later"),
        Arguments.of(
            broker("listeners: [{name: a, port: 8883}, {name: b, port: 8883}]"),
            "give each listener a port of its own"),
        Arguments.of(broker("listeners: [{name: a, port: 8884}]"), "8884 is the operator's own"),
        // To one that has listeners, applying none is leaving them out (server-side apply).
        Arguments.of(
            broker("listeners: []").replace("{name: fleet}", "{name: deaf}"), "spec.listeners"),
        Arguments.of(
            broker("listeners: [{name: a, port: 8883, maxConnections: 0}]"),
            "spec.listeners[0].maxConnections"),
        Arguments.of(
            broker("listeners: [{name: a, port: 8883, maxConnections: 100000000}]"),
            "spec.listeners[0].maxConnections"));
  }

  @ParameterizedTest
  @MethodSource("refusedBySchema")
  void isRefusedAtApply(String manifest, String message) {
    // Not by the client library, which leaves empty lists out.
    var result =
        cluster
            .kubectl()
            .runWith(manifest, "apply", "--server-side", "--field-manager=e2e", "-f", "-");

    assertThat(result.status()).isNotZero();
    assertThat(result.errors()).contains("is invalid").contains(message);
  }

  @Test
  void aUsernameHasOneOwner() {
    cluster.apply(user("regular-too", "username: regular"));

    assertRefused("mqu", "regular-too", "UsernameConflict", "regular");
    assertNoSecret("regular-too-mqtt");
    cluster.delete("mqu", "regular-too");
  }

  @Test
  void aUserOfNoBrokerIsToldSo() {
    cluster.apply(user("lost", "").replace("{name: fleet}", "{name: fleeet}"));

    assertRefused("mqu", "lost", "BrokerNotFound", "fleeet");
    cluster.delete("mqu", "lost");
  }

  @Test
  void aBrokerOfAnotherNamespaceLooksAsIfThereWereNone() {
    cluster.apply(user("stranger", "").replace("{name: fleet}", "{name: a, namespace: default}"));

    assertRefused("mqu", "stranger", "NamespaceNotAllowed", "default");
    cluster.delete("mqu", "stranger");
  }

  @Test
  void anOwnSecretHasToBeThereOfferedAndComplete() {
    cluster.apply(user("owner", "password: {secretRef: {name: own}}"));
    assertRefused("mqu", "owner", "SecretNotFound", "own");

    cluster.apply(secret("own", "pass", "good"));
    assertRefused("mqu", "owner", "SecretNotLabelled", "mqttoperator.io/credentials");

    cluster.kubectl().run("label", "secret/own", "mqttoperator.io/credentials=true").orFail();
    assertRefused("mqu", "owner", "SecretKeyMissing", "password");

    cluster.apply(user("owner", "password: {secretRef: {name: own, key: pass}}"));
    cluster.awaitReady("mqu", "owner", Cluster.APPLY_LIMIT);
    var client = broker.client("owner");
    client.connect().close();

    cluster.kubectl().run("delete", "secret/own").orFail();
    assertRefused("mqu", "owner", "SecretNotFound", "own");
    // That it is refused is said only when every pod has been seen to refuse it.
    cluster.awaitCondition("mqu", "owner", "Enforced", "False", "SecretNotFound");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client::connect)
        .satisfies(refused -> assertThat(refused.isNotAuthorized()).isTrue());
    cluster.delete("mqu", "owner");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "a\rb", "a\nb", "a\n", "long"})
  void anUnusablePasswordIsRefusedAndNeverQuoted(String given) {
    var password = given.equals("long") ? "p".repeat(1025) : given;
    cluster.apply(ownPassword("unusable", password));
    cluster.apply(user("unusable", "password: {secretRef: {name: unusable}}"));

    var accepted = assertRefused("mqu", "unusable", "InvalidPassword", "unusable");
    if (password.length() > 1) {
      assertThat(accepted.message()).doesNotContain(password);
    }
    assertNoSecret("unusable-mqtt");
    cluster.delete("mqu", "unusable");
  }

  @Test
  void theLongestPasswordIsTaken() {
    var password = "ä".repeat(512);
    cluster.apply(ownPassword("longest", password));
    cluster.applyAndAwait(user("longest", "password: {secretRef: {name: longest}}"));

    assertThat(broker.login("longest").password()).contains(password);
    broker.client("longest").connect().close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/library/eclipse-mosquitto:2.0.21",
        "localhost/mosquitto:missing",
        "localhost/pause:1"
      })
  void anImageThatIsNoMosquittoOf21NeverReplacesARunningBroker(String image) {
    cluster.apply(broker(LISTENERS + "\n  image: " + image));

    assertRefused("mqb", "fleet", "UnsupportedMosquitto", image);
    addedUserLogsIn();
    cluster.applyAndAwait(broker(LISTENERS));
  }

  @Test
  void anImageThatCannotBePulledNeverReplacesARunningBroker() {
    cluster.apply(broker(LISTENERS + "\n  image: localhost/no-such-image:1"));

    assertRefused("mqb", "fleet", "ImagePullFailed", "localhost/no-such-image:1");
    addedUserLogsIn();
    cluster.applyAndAwait(broker(LISTENERS));
  }

  @Test
  void aLimitThatThePodCannotHoldIsRefusedAndTheOldOneKept() {
    cluster.apply(
        broker(
            "listeners: [{name: mqtts, port: 8883, maxConnections: 500000}]\n"
                + "  resources: {limits: {memory: 256Mi}}"));

    assertRefused("mqb", "fleet", "TooLarge", "maxConnections");
    addedUserLogsIn();
    cluster.applyAndAwait(broker(LISTENERS));
  }

  /** Users and ACLs go on, whatever is wrong with the broker's own spec. */
  private void addedUserLogsIn() {
    cluster.applyAndAwait(user("meanwhile", ""));
    broker.client("meanwhile").connect().close();
    cluster.delete("mqu", "meanwhile");
  }

  @ParameterizedTest
  @ValueSource(strings = {"foreign", "fleet-ca", "fleet-files", "regular-mqtt"})
  void aUsersSecretNeverReplacesAnother(String name) {
    cluster.apply(secret("foreign", "key", "of somebody else"));
    var before = cluster.secret(name);

    cluster.apply(user("greedy", "secret: {name: " + name + "}"));

    assertRefused("mqu", "greedy", "NameTaken", name);
    assertSame(cluster.secret(name), before);
    cluster.delete("mqu", "greedy");
    assertSame(cluster.secret(name), before);
  }

  @Test
  void aUserHasItsSecretSoonAfterTheNameIsFree() {
    cluster.apply(secret("occupied", "key", "of somebody else"));
    cluster.apply(user("patient", "secret: {name: occupied}"));
    assertRefused("mqu", "patient", "NameTaken", "occupied");

    cluster.kubectl().run("delete", "secret/occupied").orFail();

    cluster.awaitReady("mqu", "patient", Cluster.START_LIMIT);
    assertThat(cluster.secret("occupied")).containsKey("password");
    cluster.delete("mqu", "patient");
  }

  @ParameterizedTest
  @ValueSource(strings = {"held-ca", "held-files", "held-operator", "held-server", "held-internal"})
  void aBrokerTakesNoSecretOfSomebodyElse(String name) {
    cluster.apply(secret(name, "key", "of somebody else"));
    var before = cluster.secret(name);

    cluster.apply(broker(LISTENERS).replace("{name: fleet}", "{name: held}"));

    assertRefused("mqb", "held", "NameTaken", name);
    assertSame(cluster.secret(name), before);
    cluster.delete("mqb", "held");
    assertSame(cluster.secret(name), before);
    cluster.kubectl().run("delete", "secret/" + name).orFail();
  }

  @ParameterizedTest
  @ValueSource(strings = {"service/held", "service/held-pods"})
  void aBrokerTakesNoServiceOfSomebodyElse(String service) {
    var name = service.substring(service.indexOf('/') + 1);
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec: {selector: {of: somebody-else}, ports: [{port: 80}]}
        """
            .formatted(name));

    cluster.apply(broker(LISTENERS).replace("{name: fleet}", "{name: held}"));

    assertRefused("mqb", "held", "NameTaken", name);
    cluster.delete("mqb", "held");
    var kept = cluster.client().services().inNamespace(cluster.namespace()).withName(name).get();
    assertThat(kept.getSpec().getSelector()).containsOnly(Map.entry("of", "somebody-else"));
    cluster.kubectl().run("delete", service).orFail();
  }

  @Test
  void aVolumeThatCannotBeMadeIsSaid() {
    cluster.apply(
        broker(LISTENERS + "\n  storage: {storageClassName: no-such-class}")
            .replace("{name: fleet}", "{name: homeless}"));

    var ready = cluster.awaitCondition("mqb", "homeless", "Ready", "False", "VolumePending");
    assertThat(ready.message()).contains("data-homeless-0", "storageClassName");
    cluster.delete("mqb", "homeless");
  }

  private Condition assertRefused(String kind, String name, String reason, String message) {
    var accepted = cluster.awaitCondition(kind, name, "Accepted", "False", reason);
    assertThat(accepted.message()).contains(message);
    var ready = cluster.awaitCondition(kind, name, "Ready", "False", reason);
    assertThat(ready.message()).contains(message);
    return accepted;
  }

  private void assertNoSecret(String name) {
    assertThat(cluster.client().secrets().inNamespace(cluster.namespace()).withName(name).get())
        .isNull();
  }

  private static void assertSame(Map<String, byte[]> actual, Map<String, byte[]> before) {
    assertThat(actual.keySet()).isEqualTo(before.keySet());
    before.forEach((key, value) -> assertThat(actual.get(key)).as(key).isEqualTo(value));
  }

  private static String broker(String spec) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: fleet}
           spec:
             %s
           """
        .formatted(spec.replace("\n", "\n  ").replace("\n    ", "\n  "));
  }

  private static String user(String name, String more) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec:
             brokerRef: {name: fleet}
             %s
           """
        .formatted(name, more);
  }

  private static String acl(String topic) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: bad}
           spec:
             brokerRef: {name: fleet}
             subjects: [{allUsers: true}]
             rules: [{topics: [%s], access: [Subscribe]}]
           """
        .formatted(topic);
  }

  private static String secret(String name, String key, String value) {
    return """
           apiVersion: v1
           kind: Secret
           metadata: {name: %s}
           stringData: {%s: %s}
           """
        .formatted(name, key, value);
  }

  private static String ownPassword(String name, String password) {
    return """
           apiVersion: v1
           kind: Secret
           metadata: {name: %s, labels: {mqttoperator.io/credentials: "true"}}
           data: {password: "%s"}
           """
        .formatted(
            name, Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
  }
}
