package io.mqttoperator.operator.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus.Binding;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UsersAndAclsTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final Map<String, String> OFFERED = Map.of(Labels.CREDENTIALS, "true");

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock();
  private final RunningOperator operator = API.operator(fleet.namespace(), clock);

  @AfterEach
  void close() {
    operator.close();
  }

  private boolean isHeld(
      Class<? extends io.fabric8.kubernetes.api.model.HasMetadata> kind, String name) {
    return fleet.get(kind, name).getMetadata().getFinalizers().contains(Labels.FINALIZER);
  }

  @Test
  void theyWaitForABrokerAndAreReleasedWithoutOne() {
    fleet.user("anna", "");
    fleet.acl("up", "up/#");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:BrokerNotFound");
    fleet.awaitCondition(MqttAcl.class, "up", "Accepted=False:BrokerNotFound");
    fleet.broker("{}");
    fleet.awaitUser("anna");
    fleet.awaitAcl("up");
    assertThat(isHeld(MqttUser.class, "anna")).isTrue();
    assertThat(isHeld(MqttAcl.class, "up")).isTrue();
    fleet.user("bert", "");
    fleet.awaitUser("bert");
    fleet.delete(MqttUser.class, "bert");
    fleet.awaitGone(MqttUser.class, "bert");
    fleet.delete(MqttBroker.class, Fleet.BROKER);
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:BrokerNotFound");
    fleet.delete(MqttUser.class, "anna");
    fleet.delete(MqttAcl.class, "up");
    fleet.awaitGone(MqttUser.class, "anna");
    fleet.awaitGone(MqttAcl.class, "up");
  }

  @Test
  void aPodThatCannotBeAskedHoldsThemFiveMinutes() {
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.acl("up", "up/#");
    fleet.awaitAccepted();
    fleet.awaitUser("anna");
    runningPod();
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "AccessEnforced=Unknown:PodUnreachable");
    fleet.delete(MqttUser.class, "anna");
    fleet.delete(MqttAcl.class, "up");
    await()
        .atMost(Fleet.BOUND)
        .until(() -> !fleet.value("fleet-files-0", "password-0").contains("anna"));
    await()
        .during(Duration.ofSeconds(2))
        .until(() -> isHeld(MqttUser.class, "anna") && isHeld(MqttAcl.class, "up"));
    clock.ahead(Duration.ofMinutes(6));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    fleet.awaitGone(MqttUser.class, "anna");
    fleet.awaitGone(MqttAcl.class, "up");
    assertThat(API.client().events().v1().events().inNamespace(fleet.namespace()).list().getItems())
        .filteredOn(event -> "ReleasedUnproven".equals(event.getReason()))
        .hasSize(2)
        .allMatch(event -> "Warning".equals(event.getType()));
  }

  @Test
  void anOwnPasswordIsHashedAsOftenAsTheBrokerSaysAndAGeneratedOneOnce() {
    fleet.broker("{passwords: {iterations: 7}}");
    fleet.secret("own", Map.of(Labels.CREDENTIALS, "true"), Map.of("password", "a password"));
    fleet.user("anna", "password: {secretRef: {name: own}}");
    fleet.user("bert", "");
    fleet.awaitUser("anna");
    fleet.awaitUser("bert");
    assertThat(fleet.value("fleet-files-0", "password-0"))
        .containsPattern("(?m)^anna:\\$7\\$7\\$")
        .containsPattern("(?m)^bert:\\$7\\$1\\$");
    fleet.broker("{passwords: {iterations: 9}}");
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () ->
                assertThat(fleet.value("fleet-files-0", "password-0"))
                    .containsPattern("(?m)^anna:\\$7\\$9\\$"));
  }

  @Test
  void aUsersOwnStrengthIsItsOwnMatter() {
    fleet.broker("{passwords: {iterations: 7}}");
    fleet.secret("own", OFFERED, Map.of("password", "a password"));
    fleet.user("anna", "password: {secretRef: {name: own}, iterations: 20}");
    fleet.user("bert", "password: {secretRef: {name: own}}");
    fleet.awaitUser("anna");
    fleet.awaitUser("bert");
    var berts = passwordLine("bert");
    assertThat(passwordLine("anna")).startsWith("anna:$7$20$");
    assertThat(berts).startsWith("bert:$7$7$");
    fleet.user("anna", "password: {secretRef: {name: own}, iterations: 3}");
    await().atMost(Fleet.BOUND).until(() -> passwordLine("anna").startsWith("anna:$7$3$"));
    assertThat(passwordLine("bert")).isEqualTo(berts);
    fleet.broker("{passwords: {iterations: 9}}");
    await().atMost(Fleet.BOUND).until(() -> passwordLine("bert").startsWith("bert:$7$9$"));
    assertThat(passwordLine("anna")).startsWith("anna:$7$3$");
    fleet.user("anna", "password: {secretRef: {name: own}}");
    await().atMost(Fleet.BOUND).until(() -> passwordLine("anna").startsWith("anna:$7$9$"));
  }

  private String passwordLine(String user) {
    return fleet
        .value("fleet-files-0", "password-0")
        .lines()
        .filter(line -> line.startsWith(user + ":"))
        .findFirst()
        .orElseThrow();
  }

  /** As the kubelet would tell of it; nobody listens there. */
  private void runningPod() {
    API.apply(
        fleet.namespace(),
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: fleet-0
          labels: {app.kubernetes.io/name: mosquitto, app.kubernetes.io/instance: fleet,
            app.kubernetes.io/component: broker, app.kubernetes.io/managed-by: mqtt-operator}
        spec: {terminationGracePeriodSeconds: 0, containers: [{name: mosquitto, image: x}]}
        """);
    // The operator writes its annotation meanwhile: an edit may come too late.
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () ->
                API.client()
                        .resources(Pod.class)
                        .inNamespace(fleet.namespace())
                        .withName("fleet-0")
                        .editStatus(
                            pod ->
                                new io.fabric8.kubernetes.api.model.PodBuilder(pod)
                                    .editOrNewStatus()
                                    .withPhase("Running")
                                    .withPodIP("127.0.0.1")
                                    .addNewContainerStatus()
                                    .withName("mosquitto")
                                    .withReady(true)
                                    .withRestartCount(0)
                                    .withImage("x")
                                    .withImageID("x")
                                    .withContainerID("containerd://1")
                                    .withNewState()
                                    .withNewRunning()
                                    .endRunning()
                                    .endState()
                                    .endContainerStatus()
                                    .endStatus()
                                    .build())
                    != null);
  }

  @Test
  void theFirstToClaimAUsernameKeepsItUntilItGoes() {
    fleet.broker("{}");
    fleet.user("a-first", "username: same");
    fleet.awaitUser("a-first");
    fleet.user("b-second", "username: same");
    fleet.awaitCondition(MqttUser.class, "b-second", "Accepted=False:UsernameConflict");
    assertThat(fleet.message(MqttUser.class, "b-second", "Accepted")).contains("a-first");
    fleet.awaitUser("a-first");
    fleet.delete(MqttUser.class, "a-first");
    fleet.awaitGone(MqttUser.class, "a-first");
    fleet.awaitUser("b-second");
  }

  @Test
  void anotherNamespaceReachesNoBrokerAndTakesNothingFromIt() {
    var other = Fleet.in(API);
    var reference = "{brokerRef: {name: fleet, namespace: %s}".formatted(fleet.namespace());
    other.apply("MqttUser", "stranger", reference + ", username: anna}");
    other.apply("MqttUser", "anna", reference + "}");
    try (var there = API.operator(other.namespace())) {
      // Looks the same whether the broker exists or not.
      other.awaitCondition(MqttUser.class, "stranger", "Accepted=False:NamespaceNotAllowed");
      assertThat(there.requests().isCut()).isFalse();
    }
    operator.close();
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.acl("up", "{user: anna}", "up/1");
    try (var both = API.operatorOf(fleet.namespace(), other.namespace())) {
      fleet.awaitUser("anna");
      fleet.awaitAcl("up");
      other.awaitCondition(MqttUser.class, "stranger", "Accepted=False:NamespaceNotAllowed");
      other.awaitCondition(MqttUser.class, "anna", "Accepted=False:NamespaceNotAllowed");
      assertThat(fleet.value("fleet-files-0", "acl-0")).contains("user anna", "topic write up/1");
      assertThat(fleet.get(MqttAcl.class, "up").getStatus().matchedUsers()).isEqualTo(1);
      assertThat(other.find(Secret.class, "anna-mqtt")).isEmpty();
      assertThat(both.requests().isCut()).isFalse();
    }
  }

  @Test
  void anOwnPasswordIsFollowedAndALastGoodOneKept() {
    fleet.broker("{}");
    fleet.user("anna", "password: {secretRef: {name: own, key: pw}}");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:SecretNotFound");
    fleet.secret("own", Map.of(), Map.of("pw", "the first password"));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:SecretNotLabelled");
    fleet.secret("own", OFFERED, Map.of("other", "the first password"));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:SecretKeyMissing");
    fleet.secret("own", OFFERED, Map.of("pw", "the first password"));
    fleet.awaitUser("anna");
    assertThat(fleet.value("anna-mqtt", "password")).isEqualTo("the first password");
    var line = fleet.value("fleet-files-0", "password-0");
    assertThat(line).contains("anna:$7$1000$");
    fleet.secret("own", OFFERED, Map.of("pw", "bad\npassword"));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:InvalidPassword");
    assertThat(fleet.value("fleet-files-0", "password-0")).isEqualTo(line);
    assertThat(fleet.value("anna-mqtt", "password")).isEqualTo("the first password");
    fleet.secret("own", OFFERED, Map.of("pw", "the second password"));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=True:Accepted");
    assertThat(fleet.value("anna-mqtt", "password")).isEqualTo("the second password");
    assertThat(fleet.value("fleet-files-0", "password-0")).isNotEqualTo(line);
    fleet.delete(Secret.class, "own");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:SecretNotFound");
    await()
        .atMost(Fleet.BOUND)
        .until(() -> !fleet.value("fleet-files-0", "password-0").contains("anna"));
  }

  @Test
  void aHashOfOnesOwnIsTakenAsItIsAndALastGoodOneKept() {
    var first = PasswordHash.pbkdf2("one".getBytes(UTF_8), new byte[12], 1000).value();
    var second = PasswordHash.pbkdf2("two".getBytes(UTF_8), new byte[12], 20).value();
    fleet.broker("{}");
    fleet.secret("own", OFFERED, Map.of("password", first));
    fleet.user("anna", "password: {secretRef: {name: own, format: MosquittoHash}}");
    fleet.awaitUser("anna");
    assertThat(fleet.value("fleet-files-0", "password-0")).contains("anna:" + first + "\n");
    assertThat(fleet.get(Secret.class, "anna-mqtt").getData())
        .containsKey("username")
        .doesNotContainKey("password");
    fleet.secret("own", OFFERED, Map.of("password", first + "\n"));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:InvalidPassword");
    assertThat(fleet.value("fleet-files-0", "password-0")).contains("anna:" + first + "\n");
    fleet.secret("own", OFFERED, Map.of("password", second));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=True:Accepted");
    assertThat(fleet.value("fleet-files-0", "password-0")).contains("anna:" + second + "\n");
    fleet.user("anna", "password: {secretRef: {name: own}}");
    fleet.awaitUser("anna");
    await().atMost(Fleet.BOUND).until(() -> fleet.value("anna-mqtt", "password").equals(second));
  }

  @Test
  void aUsersSecretFollowsItsNameAndGeneration() {
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.awaitUser("anna");
    var first = fleet.value("anna-mqtt", "password");
    fleet.user("anna", "password: {generation: 2}");
    await().atMost(Fleet.BOUND).until(() -> !fleet.value("anna-mqtt", "password").equals(first));
    var second = fleet.value("anna-mqtt", "password");
    fleet.user("anna", "disabled: true, password: {generation: 2}");
    await()
        .atMost(Fleet.BOUND)
        .until(() -> !fleet.value("fleet-files-0", "password-0").contains("anna"));
    assertThat(fleet.value("anna-mqtt", "password")).isEqualTo(second);
    // Two changes of name, of which a pass may see the last alone.
    fleet.user("anna", "secret: {name: one}, password: {generation: 2}");
    fleet.awaitUser("anna");
    fleet.awaitGone(Secret.class, "anna-mqtt");
    fleet.user("anna", "secret: {name: two}, password: {generation: 2}");
    fleet.user("anna", "secret: {name: three}, password: {generation: 2}");
    fleet.awaitUser("anna");
    fleet.awaitGone(Secret.class, "one");
    fleet.awaitGone(Secret.class, "two");
    assertThat(fleet.value("three", "username")).isEqualTo("anna");
    assertThat(fleet.get(MqttUser.class, "anna").getStatus().binding())
        .isEqualTo(new Binding("three"));
  }

  @Test
  void aPausedBrokerIsLeftAlone() {
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.awaitAccepted();
    fleet.awaitUser("anna");
    fleet.broker("{paused: true}");
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Ready=False:Paused");
    var before = operator.requests().writes().size();
    fleet.user("bert", "");
    fleet.delete(MqttUser.class, "anna");
    fleet.awaitCondition(MqttUser.class, "bert", "Ready=False:Paused");
    fleet.delete(Secret.class, "fleet-server");
    await().during(Duration.ofSeconds(1)).until(() -> isHeld(MqttUser.class, "anna"));
    assertThat(operator.requests().writes().stream().skip(before))
        .allMatch(write -> write.endsWith("/status"));
    assertThat(fleet.find(Secret.class, "fleet-server")).isEmpty();
    assertThat(fleet.find(Secret.class, "bert-mqtt")).isEmpty();
    fleet.broker("{paused: false}");
    fleet.awaitGone(MqttUser.class, "anna");
    fleet.awaitUser("bert");
  }
}
