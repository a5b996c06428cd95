package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One fault of each class, and where it is found. */
class CheckTest {

  private static final String USER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata:
        name: alice
      spec:
        brokerRef:
          name: fleet
      """;

  private static final String ACL =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata:
        name: rules
      spec:
        brokerRef:
          name: fleet
        subjects:
          - user: alice
        rules:
          - topics: ["a/#"]
            access: [Publish]
      """;

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata:
        name: fleet
      spec:
        listeners:
          - name: mqtts
            port: 8883
      """;

  private static final String ALL = BROKER + "---\n" + USER + "---\n" + ACL;

  @TempDir Path folder;

  @Test
  void nothingIsWrongWithWhatIsValid() throws IOException {
    var run = check(ALL);
    assertThat(run.out()).isEqualTo("3 resources, 0 errors, 0 warnings\n");
    assertThat(run.status()).isZero();
  }

  /** Each folder for itself: they are not meant to be applied together. */
  @ParameterizedTest
  @ValueSource(strings = {"quickstart", "cert-manager", "pre-shared-keys", "gitops"})
  void theExamplesAreValid(String example) {
    var run = Run.of("check", "../examples/" + example);
    assertThat(run.out()).endsWith("0 errors, 0 warnings\n");
    assertThat(run.status()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: MqttUser     | kind: MqttUsers        | Schema           | 10 | there is no kind MqttUsers
          port: 8883         | port: 80               | Schema           | 8  | spec.listeners[0].port
          port: 8883         | prot: 8883             | Schema           | 8  | spec.listeners[0].prot: there is no such field
          port: 8883         | port: many             | Schema           | 8  | spec.listeners[0].port
          access: [Publish]  | access: [Write]        | Schema           | 29 | spec.rules[0].access[0]
          name: alice        | name: {a: b}           | Schema           | 12 | metadata.name
          name: alice        | name: Alice            | Schema           | 13 | metadata.name: a name is at most 253
          name: alice        | name: alice\\n  namespace: a.b | Schema  | 14 | metadata.namespace: a namespace is
          name: alice        | name: alice\\n  labels: {role: -a} | Schema | 14 | metadata.labels.role: a label's value
          name: alice        | name: alice\\n  labels: {A.B/c: a} | Schema | 14 | metadata.labels.A.B/c: a key is
          name: alice        | name: alice\\n  annotations: {a/b/c: a} | Schema | 14 | metadata.annotations.a/b/c: a key is
          user: alice        | user: alise            | UnknownUser      | 26 | there is no MqttUser alise
          user: alice        | anonymous: false       | Schema           | 26 | spec.subjects[0].anonymous: set it to true
          ["a/#"]            | ["a/#/b"]              | Schema           | 28 | spec.rules[0].topics[0]: let + and # stand
          ["a/#"]            | ["$SYS/#"]             | Schema           | 29 | allow Subscribe alone there
          metadata:\\n  name: alice | metadata: [             | Unreadable       | 14 | not YAML
          """)
  void aFaultIsFoundWhereItStands(String right, String wrong, String rule, int line, String said)
      throws IOException {
    var run = check(ALL.replace(right.replace("\\n", "\n"), wrong.replace("\\n", "\n")));
    assertThat(run.out()).contains("all.yaml:" + line + ": ", said, "[" + rule + "]");
    assertThat(run.status()).isEqualTo(rule.equals("UnknownUser") ? 0 : 1);
  }

  @Test
  void warningsCountWhereTheyAreAskedFor() throws IOException {
    Files.writeString(folder.resolve("all.yaml"), ALL.replace("user: alice", "user: alise"));
    assertThat(Run.of("check", folder.toString(), "--strict").status()).isEqualTo(KubectlMqtt.NO);
  }

  @Test
  void twoUsersOfOneNameCollide() throws IOException {
    var run = check(ALL + "---\n" + USER.replace("alice", "second") + "  username: alice\n");
    assertThat(run.out())
        .contains("MqttUser second: The username alice belongs to MqttUser alice")
        .contains("[UsernameConflict]");
    assertThat(run.status()).isEqualTo(KubectlMqtt.NO);
  }

  @Test
  void oneResourceTwiceIsAFault() throws IOException {
    assertThat(check(ALL + "---\n" + USER).out())
        .contains("MqttUser alice: it stands at", "all.yaml:13 already", "[Duplicate]");
  }

  @Test
  void twoListenersOfOneNameAreAFault() throws IOException {
    assertThat(
            check(ALL.replace("port: 8883", "port: 8883\n    - name: mqtts\n      port: 1883"))
                .out())
        .contains("spec.listeners[1]: another one has this key");
  }

  @Test
  void aSecretThatIsNotOfferedIsAFault() throws IOException {
    var own = withPassword("{secretRef: {name: own}}");
    assertThat(check(own).status()).as("a Secret that is not in the files").isZero();
    var secret =
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: own}\nstringData: {password: x}\n";
    assertThat(check(own + secret).out()).contains("[SecretNotLabelled]");
  }

  private static String withPassword(String password) {
    var next = "---\napiVersion: mqttoperator.io/v1alpha1\nkind: MqttAcl";
    return ALL.replace(next, "  password: " + password + "\n" + next);
  }

  @Test
  void iterationsAreForAPasswordOfOnesOwnAlone() throws IOException {
    assertThat(check(withPassword("{secretRef: {name: own}, iterations: 5000}")).status()).isZero();
    for (var password :
        List.of(
            "{iterations: 5000}",
            "{secretRef: {name: own, format: MosquittoHash}, iterations: 5000}")) {
      var run = check(withPassword(password));
      assertThat(run.status()).isEqualTo(KubectlMqtt.NO);
      assertThat(run.out()).contains("spec.password.iterations: only a password of the user's own");
    }
    assertThat(check(withPassword("{secretRef: {name: own}, iterations: 10001}")).out())
        .contains("spec.password.iterations");
  }

  @Test
  void aBrokerWithoutTlsIsAWarning() throws IOException {
    var run = check(ALL.replace("port: 8883", "port: 8883\n      tls: {enabled: false}"));
    assertThat(run.out()).contains("warning: MqttBroker fleet: Listener mqtts has no TLS");
    assertThat(run.status()).isZero();
  }

  @Test
  void whatIsUnknownOfTheBrokerIsANote() throws IOException {
    var run = check(USER);
    assertThat(run.out())
        .contains("note: MqttUser alice: MqttBroker default/fleet is not in these");
    assertThat(run.status()).isZero();
  }

  @Test
  void aFileThatIsNotThereIsNoAnswer() {
    var run = Run.of("check", "nowhere.yaml");
    assertThat(run.errors()).contains("there is no file nowhere.yaml");
    assertThat(run.status()).isEqualTo(KubectlMqtt.NO_ANSWER);
  }

  @Test
  void reportsForPrograms() throws Exception {
    Files.writeString(folder.resolve("all.yaml"), ALL.replace("port: 8883", "port: 80"));
    var json = new ObjectMapper().readTree(Run.of("check", "" + folder, "-o", "json").out());
    assertThat(json.at("/findings/0/rule").asText()).isEqualTo("Schema");
    assertThat(json.at("/errors").asInt()).isEqualTo(1);
    var sarif = new ObjectMapper().readTree(Run.of("check", "" + folder, "-o", "sarif").out());
    assertThat(sarif.path("version").asText()).isEqualTo("2.1.0");
    var result = sarif.at("/runs/0/results/0");
    assertThat(result.path("level").asText()).isEqualTo("error");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(8);
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .endsWith("all.yaml");
    assertThat(sarif.at("/runs/0/tool/driver/rules").findValuesAsText("id"))
        .contains(result.path("ruleId").asText());
    assertThat(sarif.at("/runs/0/tool/driver/rules").findValuesAsText("text"))
        .contains("The API server would refuse the resource for its form.");
  }

  @Test
  void reportsForCi() throws Exception {
    Files.writeString(
        folder.resolve("all.yaml"),
        ALL.replace("port: 8883", "port: 80").replace("a/#", "<&\\u0001>"));
    var xml = Run.of("check", "" + folder, "-o", "junit").out();
    var suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getElementsByTagName("failure").getLength())
        .isEqualTo(Integer.parseInt(suite.getAttribute("failures")))
        .isPositive();
  }

  private Run check(String manifests) throws IOException {
    Files.writeString(folder.resolve("all.yaml"), manifests);
    return Run.of("check", folder.toString());
  }
}
