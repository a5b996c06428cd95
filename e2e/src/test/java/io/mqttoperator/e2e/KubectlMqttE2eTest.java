package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The plugin's answers about a real broker, beside what a real client sees. Who asks is bound to
 * the cluster's role {@code view} in this namespace, and to nothing else.
 */
@OnCluster
final class KubectlMqttE2eTest {

  private static final String END = "end";

  private final Cluster cluster;
  private final Broker broker;
  private final Plugin plugin;

  KubectlMqttE2eTest(Cluster cluster, @TempDir Path folder) throws IOException {
    this.cluster = cluster;
    broker = cluster.broker("fleet");
    plugin = Plugin.askedBy("viewer", cluster, folder);
    cluster.applyAndAwait(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttBroker
        metadata: {name: fleet}
        """
            + user("alice", "{team: red}")
            + user("bob", "{team: blue}")
            + user("herald", "{}")
            + acl("heralds", "user: herald", "{topics: ['#'], access: [Publish]}")
            + acl("ends", "allUsers: true", "{topics: [end], access: [Subscribe]}")
            + acl(
                "red",
                "userSelector: {matchLabels: {team: red}}",
                "{topics: ['red/#', '{namespace}/{username}/+'], access: [Publish, Subscribe]}")
            + acl("never", "allUsers: true", "{topics: ['red/secret/#'], effect: Deny}")
            + acl("blue", "user: bob", "{topics: ['red/+'], access: [Subscribe]}"));
  }

  @ParameterizedTest
  @CsvSource({
    "alice, red/x",
    "alice, red",
    "alice, red/secret/x",
    "alice, blue/x",
    "alice, @/alice/x",
    "alice, @/bob/x",
    "bob, red/x",
    "bob, @/bob/x",
    "herald, red/x",
    "herald, red/secret/x"
  })
  void aPublishIsAnsweredAsTheBrokerDoes(String user, String pattern) {
    var topic = pattern.replace("@", cluster.namespace());
    var answer = ask("can", user, "publish", topic);
    try (var client = broker.client(user).connect()) {
      assertThat(client.publish(topic, "x") == Refused.V5_NOT_AUTHORIZED)
          .as(answer.output())
          .isEqualTo(answer.status() == 1);
    }
    assertThat(answer.status()).isBetween(0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "alice, red/x",
    "alice, red/secret/x",
    "alice, @/alice/y",
    "alice, @/bob/y",
    "bob, red/x",
    "bob, red/x/y",
    "bob, red/secret"
  })
  void aDeliveryIsAnsweredAsTheBrokerDoes(String user, String pattern) {
    var topic = pattern.replace("@", cluster.namespace());
    var answer = ask("can", user, "receive", topic);
    assertThat(answer.status()).isBetween(0, 1);
    try (var client = broker.client(user).connect();
        var herald = broker.client("herald").connect()) {
      client.subscribe("#");
      herald.publish(topic, "x");
      herald.publish(END, "x");
      Awaitility.await("the last message")
          .atMost(Cluster.APPLY_LIMIT)
          .untilAsserted(
              () -> assertThat(client.received()).extracting(Message::topic).contains(END));
      assertThat(client.received().stream().anyMatch(message -> message.topic().equals(topic)))
          .as(answer.output())
          .isEqualTo(answer.status() == 0);
    }
    assertThat(ask("who-can", "receive", topic).output().contains(" " + user + " "))
        .isEqualTo(answer.status() == 0);
  }

  @Test
  void aDisabledUserMayDoNothing() {
    cluster.applyAndAwait(user("gone", "{team: red}"));
    assertThat(ask("can", "gone", "publish", "red/x").status()).isZero();
    cluster
        .kubectl()
        .run("patch", "mqu", "gone", "--type=merge", "--patch={\"spec\":{\"disabled\":true}}")
        .orFail();
    var answer = ask("can", "gone", "publish", "red/x");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.output()).contains("MqttUser gone is disabled");
  }

  @Test
  void grantsAreTheUsersOwn() {
    assertThat(ask("grants", "alice").orFail())
        .contains("red/#", cluster.namespace() + "/alice/+", "red/secret/#");
  }

  @Test
  void statusShowsWhatIsProven() {
    var status = ask("status", "fleet").orFail();
    var revision =
        cluster
            .kubectl()
            .run("get", "mqb", "fleet", "-o", "jsonpath={.status.access.revision}")
            .orFail();
    assertThat(status)
        .contains(revision.substring(0, 12), "fleet-0", "Running", "mqtts", "server", "authority")
        .containsPattern("Last events\n.*\n.* Normal +Ready +All pods are ready");
    assertThat(ask("status", "fleet", "-o", "json").orFail()).contains("\"ready\" : true");
    assertThat(ask("status", "nothing").status()).isEqualTo(2);
  }

  @Test
  void whatAFileWouldChangeIsSaid(@TempDir Path folder) throws IOException {
    var file = folder.resolve("change.yaml");
    Files.writeString(
        file,
        user("alice", "{team: blue}")
            + user("late", "{}").replace("  brokerRef", "  username: bob\n  brokerRef"));
    var answer = ask("check", file.toString(), "--against-cluster");
    assertThat(answer.output())
        .contains(
            "would be changed: MqttUser " + cluster.namespace() + "/alice (metadata.labels.team)")
        .contains("would be created: MqttUser " + cluster.namespace() + "/late")
        .contains("[UsernameConflict]");
    assertThat(answer.status()).isEqualTo(1);
  }

  private Kubectl.Result ask(String... arguments) {
    return plugin.ask(arguments);
  }

  private static String user(String name, String labels) {
    return """
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: %s, labels: %s}
        spec:
          brokerRef: {name: fleet}
        """
        .formatted(name, labels);
  }

  private static String acl(String name, String subject, String rule) {
    return """
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttAcl
        metadata: {name: %s}
        spec:
          brokerRef: {name: fleet}
          subjects: [{%s}]
          rules: [%s]
        """
        .formatted(name, subject, rule);
  }
}
