package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions about files, and the answers that the operator would give. */
class QuestionsTest {

  private static final String FLEET = Run.files("fleet");
  private static final String TENANTS = Run.files("tenants");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          alice       | publish   | devices/alice/state     | 0 | yes: MqttAcl devices, spec.rules[0], Allow "devices/{username}/#"
          alice       | publish   | devices/bob@site-1/x    | 1 | no: no rule allows it.
          alice       | receive   | devices/bob@site-1/commands | 0 | yes: MqttAcl devices, spec.rules[1], Allow "devices/+/commands"
          alice       | publish   | devices/alice/secret    | 1 | no: MqttAcl devices, spec.rules[2], Deny "devices/+/secret"
          alice       | publish   | devices/alice/factory   | 1 | no: MqttAcl devices, spec.rules[2], Deny "devices/{username}/factory"
          bob         | publish   | devices/bob@site-1/x    | 0 | yes: MqttAcl devices, spec.rules[0], Allow "devices/{username}/#"
          bob@site-1  | publish   | devices/bob@site-1/x    | 0 | yes: MqttAcl devices, spec.rules[0], Allow "devices/{username}/#"
          bob         | publish   | devices/bob/x           | 1 | no: no rule allows it.
          erin        | subscribe | news/#                  | 0 | is delivered: MqttAcl everybody, spec.rules[0], Allow "news/#"
          erin        | subscribe | $SYS/broker/uptime      | 0 | Allow "$SYS/#"
          erin        | subscribe | $share/group/news/+     | 0 | yes
          alice       | subscribe | devices/#               | 1 | in part
          erin        | subscribe | devices/#               | 1 | no
          carol       | publish   | news/x                  | 1 | no: MqttUser carol is disabled (spec.disabled).
          dave        | receive   | news/x                  | 1 | no: MqttUser dave is not accepted (UsernameConflict): The username alice belongs to MqttUser alice
          :anonymous  | receive   | news/x                  | 0 | yes: MqttAcl strangers, spec.rules[0], Allow "news/#"
          :anonymous  | publish   | news/x                  | 1 | no: no rule allows it.
          nobody      | publish   | news/x                  | 2 | error: there is no MqttUser nobody in namespace default in these files.
          alice       | publish   | news/+                  | 2 | error: The topic holds '+' or '#'
          alice       | eat       | news/x                  | 2 | Invalid value for positional parameter
          """)
  void can(String user, String action, String topic, int status, String said) {
    var run = Run.of("can", user, action, topic, "-f", FLEET);
    assertThat(run.out() + run.errors()).contains(said);
    assertThat(run.status()).isEqualTo(status);
  }

  @Test
  void anAnswerSaysWhereTheRuleStands() {
    assertThat(Run.of("can", "alice", "publish", "devices/alice/x", "-f", FLEET).out())
        .contains("acls.yaml:13)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          red  | meter     | teams/red/red.meter/x | 0 | yes
          plant | red.meter | teams/red/red.meter/x | 0 | yes
          plant | blue.meter | teams/blue/x         | 1 | NamespaceNotAllowed
          white | red.meter | teams/red/red.meter/x | 2 | there is no MqttUser red.meter in namespace white
          red  | red.meter | teams/red/meter/x     | 1 | no: no rule allows it.
          red  | meter     | plant/x               | 1 | TopicOutsideTenancy
          blue | meter     | teams/blue/x          | 1 | NamespaceNotAllowed
          """)
  void aTenantIsBound(String namespace, String user, String topic, int status, String said) {
    var run = Run.of("can", user, "publish", topic, "-n", namespace, "-f", TENANTS);
    assertThat(run.out() + run.errors()).contains(said);
    assertThat(run.status()).isEqualTo(status);
  }

  @Test
  void aNameThatSeveralHaveIsAsked() {
    var run = Run.of("can", "meter", "publish", "x", "-f", TENANTS);
    assertThat(run.errors())
        .contains("MqttUser red/meter of broker plant/fleet", "MqttUser blue/meter");
    assertThat(run.status()).isEqualTo(KubectlMqtt.NO_ANSWER);
  }

  @Test
  void whoCanListsThemWithTheirRules() {
    var run = Run.of("who-can", "receive", "news/today", "-f", FLEET);
    assertThat(run.out().lines().map(line -> line.substring(0, line.indexOf(' '))).toList())
        .as("carol is disabled, dave is refused")
        .containsExactly("NAMESPACE", "plant", "plant", "plant", "");
    assertThat(run.out()).contains("alice", "bob@site-1", "erin", ":anonymous");
    assertThat(run.out()).doesNotContain("carol", "dave");
    assertThat(Run.of("who-can", "publish", "nothing/x", "-f", FLEET).out()).isEqualTo("Nobody.\n");
  }

  @Test
  void grantsAreFilledInForTheUser() {
    var run = Run.of("grants", "bob", "-f", FLEET);
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("Allow    Publish, Subscribe   devices/bob@site-1/#")
        .contains("Deny     Publish, Subscribe   devices/+/secret");
    assertThat(Run.of("grants", "carol", "-f", FLEET).out()).contains("It may not connect");
  }

  @Test
  void answersAreJsonToo() throws Exception {
    var run = Run.of("can", "alice", "publish", "devices/alice/x", "-f", FLEET, "-o", "json");
    var answer = new ObjectMapper().readTree(run.out());
    assertThat(answer.path("answer").asText()).isEqualTo("yes");
    assertThat(answer.at("/rules/0/acl").asText()).isEqualTo("devices");
    assertThat(answer.at("/rules/0/covers").asText()).isEqualTo("devices/alice/#");
    for (var other :
        new Run[] {
          Run.of("grants", "alice", "-f", FLEET, "-o", "json"),
          Run.of("who-can", "receive", "news/x", "-f", FLEET, "-o", "json"),
          Run.of("render", FLEET, "-o", "json")
        }) {
      assertThat(new ObjectMapper().readTree(other.out()).path("broker").asText())
          .isEqualTo("plant/fleet");
    }
  }

  @Test
  void aBrokerThatIsNotInTheFilesIsTakenToBeThere() {
    var run =
        Run.of(
            "can",
            "alice",
            "publish",
            "devices/alice/x",
            "-f",
            Run.files("fleet/users.yaml"),
            "-f",
            Run.files("fleet/acls.yaml"));
    assertThat(run.out())
        .startsWith("yes")
        .contains("note: MqttBroker plant/fleet is not in these");
  }

  /** With -f no cluster is asked: that one's address leads nowhere, and its file is none. */
  @Test
  void filesAreEnough(@TempDir Path folder) throws Exception {
    var kubeconfig = Files.writeString(folder.resolve("config"), "not a kubeconfig: [");
    var arguments =
        new String[] {
          "can", "alice", "publish", "devices/alice/x", "--kubeconfig", "" + kubeconfig
        };
    assertThat(Run.of(arguments).status()).isEqualTo(KubectlMqtt.NO_ANSWER);
    var offline = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    offline[arguments.length] = "-f";
    offline[arguments.length + 1] = FLEET;
    assertThat(Run.of(offline).status()).isZero();
  }
}
