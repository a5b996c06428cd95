package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is applied is enforced, {@code Ready} is proof, and nobody else notices: sixty clients stay
 * connected throughout and receive every message, and the broker is never restarted.
 */
@OnCluster
final class PromiseE2eTest {

  private static final int OTHERS = 60;

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: news}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: [news], access: [Subscribe]}]
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: newsroom}
      spec:
        brokerRef: {name: fleet}
        subjects: [{user: newsroom}]
        rules: [{topics: [news], access: [Publish]}]
      """;

  private final Cluster cluster;
  private final Broker broker;
  private List<Session> others = List.of();
  private Newsroom newsroom;
  private Map<String, String> incarnation;

  PromiseE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    cluster.applyAndAwait(
        BROKER
            + user("newsroom", "")
            + IntStream.range(0, OTHERS)
                .mapToObj(i -> user("other-" + i, ""))
                .collect(Collectors.joining()));
    incarnation = broker.incarnation();
    newsroom = new Newsroom(broker.client("newsroom").connect(), "news");
  }

  @BeforeAll
  void connectTheOthers() {
    var connecting =
        IntStream.range(0, OTHERS)
            .mapToObj(i -> broker.client("other-" + i).connectLater())
            .toList();
    others = connecting.stream().map(Client::await).toList();
    others.forEach(other -> other.subscribe("news"));
    newsroom.start();
  }

  @AfterEach
  void nobodyElseHasNoticed() {
    var last = Integer.toString(newsroom.next());
    Awaitility.await("news " + last)
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> others.stream().allMatch(other -> news(other).contains(last)));
    assertThat(others).allMatch(Session::isConnected);
    for (var other : others) {
      var received = news(other);
      assertThat(received)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, received.size()).mapToObj(Integer::toString).toList());
    }
    assertThat(broker.incarnation()).isEqualTo(incarnation);
  }

  private static List<String> news(Session session) {
    return session.received().stream().map(Message::payload).toList();
  }

  @AfterAll
  void disconnect() {
    newsroom.close();
    others.forEach(Session::close);
  }

  @Test
  void tenUsersAddedOneAfterTheOtherLogInAsSoonAsTheyAreReady() {
    var times = new ArrayList<Duration>();
    for (int i = 0; i < 10; i++) {
      var name = "new-" + i;
      var applied = Instant.now();
      cluster.apply(user(name, ""));
      cluster.awaitReady("mqu", name, Cluster.APPLY_LIMIT);
      times.add(Duration.between(applied, Instant.now()));

      try (var session = broker.client(name).connect()) {
        assertThat(session.isConnected()).isTrue();
      }
    }
    // Each took a process of kubectl too, beside all other tests: no benchmark.
    assertThat(times.stream().sorted().toList().get(5))
        .as("the median of %s", times)
        .isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void aDeletedUserIsOutBeforeDeleteReturns() {
    cluster.applyAndAwait(user("leaver", ""));
    var client = broker.client("leaver");
    try (var session = client.connect()) {
      cluster.delete("mqu", "leaver");

      // The closing was sent before: it only has to be read.
      Awaitility.await("end of the session")
          .atMost(Duration.ofMillis(250))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !session.isConnected());
      assertNotAuthorized(client);
      assertThat(
              cluster
                  .client()
                  .secrets()
                  .inNamespace(cluster.namespace())
                  .withName("leaver-mqtt")
                  .get())
          .as("its Secret, which is garbage by now")
          .satisfiesAnyOf(
              secret -> assertThat(secret).isNull(),
              secret -> assertThat(secret.getMetadata().getOwnerReferences()).isNotEmpty());
    }
  }

  @Test
  void aDisabledUserIsOutUntilItIsEnabledAgain() {
    cluster.applyAndAwait(user("suspended", ""));
    var client = broker.client("suspended");
    try (var session = client.connect()) {
      cluster.applyAndAwait(user("suspended", "disabled: true"));

      assertNotAuthorized(client);
      assertEnds(session);
      assertThat(cluster.condition("mqu", "suspended", "Ready"))
          .hasValueSatisfying(ready -> assertThat(ready.reason()).isEqualTo("Disabled"));
    }
    cluster.applyAndAwait(user("suspended", "disabled: false"));
    try (var session = client.connect()) {
      assertThat(session.isConnected()).isTrue();
    }
  }

  @Test
  void aPasswordOfOnesOwnIsProvenByItsSecretsVersion() {
    cluster.apply(ownSecret("first password"));
    cluster.applyAndAwait(user("owner", "password: {secretRef: {name: own}}"));
    var client = broker.client("owner");
    assertThat(broker.login("owner").password()).contains("first password");
    try (var session = client.connect()) {
      cluster.apply(ownSecret("second password"));
      var version = ownSecretVersion();
      Awaitility.await("status.credential.resourceVersion " + version)
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> version.equals(provenVersion()));

      assertNotAuthorized(client);
      assertEnds(session);
      assertThat(broker.login("owner").password()).contains("second password");
      broker.client("owner").connect().close();
    }
    cluster.awaitReady("mqu", "owner", Cluster.APPLY_LIMIT);
  }

  private String ownSecretVersion() {
    return cluster
        .client()
        .secrets()
        .inNamespace(cluster.namespace())
        .withName("own")
        .require()
        .getMetadata()
        .getResourceVersion();
  }

  private String provenVersion() {
    return cluster.get("mqu", "owner").get("status", "credential", "resourceVersion");
  }

  @Test
  void aNewPasswordIsMadeWhenItsGenerationIsRaised() {
    cluster.applyAndAwait(user("rotated", ""));
    var before = broker.client("rotated");
    try (var session = before.connect()) {
      cluster.applyAndAwait(user("rotated", "password: {generation: 2}"));

      assertNotAuthorized(before);
      assertEnds(session);
      broker.client("rotated").connect().close();
    }
  }

  @Test
  void aDeletedAclGrantsNothingWhenDeleteReturns() {
    cluster.applyAndAwait(user("writer", "") + acl("writers", "writer", "notes/a"));
    try (var session = broker.client("writer").connect()) {
      assertThat(session.publish("notes/a", "x")).isNotEqualTo(Refused.V5_NOT_AUTHORIZED);

      cluster.delete("mqa", "writers");

      assertThat(session.publish("notes/a", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      assertThat(session.isConnected()).isTrue();
    }
  }

  @Test
  void aChangedAclHoldsForLiveSessionsWhenItIsReady() {
    cluster.applyAndAwait(user("editor", "") + acl("editors", "editor", "drafts/a"));
    try (var session = broker.client("editor").connect()) {
      for (var topic : List.of("drafts/b", "drafts/a", "drafts/c")) {
        assertThat(session.publish(topic, "x")).isEqualTo(topic.equals("drafts/a") ? 0x10 : 0x87);
        cluster.applyAndAwait(acl("editors", "editor", topic));
        assertThat(session.publish(topic, "x")).as(topic).isEqualTo(0x10);
        if (!topic.equals("drafts/a")) {
          assertThat(session.publish("drafts/a", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
        }
        cluster.applyAndAwait(acl("editors", "editor", "drafts/a"));
      }
      assertThat(session.isConnected()).isTrue();
    }
  }

  /** One Secret holds 768 KiB of users and rules; more go into two. */
  @Test
  void usersAndRulesThatNeedAnotherSecretRestartNothing() {
    var topics =
        IntStream.range(0, 128)
            .mapToObj(i -> "\"" + "far/".repeat(32) + "{username}/" + i + "\"")
            .collect(Collectors.groupingBy(topic -> topic.hashCode() & 7));
    var rules =
        topics.values().stream()
            .map(some -> "{topics: [" + String.join(", ", some) + "], access: [Publish]}")
            .collect(Collectors.joining(", "));
    assertThat(shards()).isEqualTo(1);
    cluster.applyAndAwait(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttAcl
        metadata: {name: far}
        spec:
          brokerRef: {name: fleet}
          subjects: [{allUsers: true}]
          rules: [%s]
        """
            .formatted(rules));
    assertThat(shards()).isEqualTo(2);
    for (var user : List.of("far-1", "far-2", "far-3", "far-4")) {
      cluster.applyAndAwait(user(user, ""));
      try (var session = broker.client(user).connect()) {
        var topic = "far/".repeat(32) + user + "/127";
        assertThat(session.publish(topic, "x")).isEqualTo(0x10);
        assertThat(session.publish(topic + "8", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      }
    }
    cluster.delete("mqa", "far");
    assertThat(shards()).as("their number never shrinks").isEqualTo(2);
  }

  private long shards() {
    return cluster.client().secrets().inNamespace(cluster.namespace()).list().getItems().stream()
        .filter(secret -> secret.getMetadata().getName().matches("fleet-files-[0-9]+"))
        .count();
  }

  private static void assertEnds(Session session) {
    // Logins are refused by now; that the client has read the end of its session may take a moment.
    Awaitility.await("end of the session")
        .atMost(Duration.ofSeconds(2))
        .until(() -> !session.isConnected());
  }

  private static void assertNotAuthorized(Client client) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client::connect)
        .satisfies(refused -> assertThat(refused.isNotAuthorized()).as("%s", refused).isTrue());
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

  private static String acl(String name, String user, String topic) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %s}
           spec:
             brokerRef: {name: fleet}
             subjects: [{user: %s}]
             rules: [{topics: [%s], access: [Publish]}]
           """
        .formatted(name, user, topic);
  }

  private static String ownSecret(String password) {
    return """
           apiVersion: v1
           kind: Secret
           metadata: {name: own, labels: {mqttoperator.io/credentials: "true"}}
           stringData: {password: %s}
           """
        .formatted(password);
  }
}
