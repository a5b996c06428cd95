package io.mqttoperator.operator.broker.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.testing.CertificateConnection;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import io.mqttoperator.operator.testing.UserConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Users whose own Secrets say their names, on a real Mosquitto. */
@Execution(ExecutionMode.CONCURRENT)
class FollowedNameTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final Map<String, String> OFFERED = Map.of(Labels.CREDENTIALS, "true");
  private static final String READY = "Ready=True:Enforced";
  private static final String CONFLICT = "Accepted=False:UsernameConflict";
  private static final int DEVICES = 8885;

  private final Fleet fleet = Fleet.in(API);
  private RunningOperator operator;
  private ServingPod pod;

  @BeforeEach
  void serve() {
    operator = API.operator(fleet.namespace(), new LaterClock());
    fleet.broker(
        "{listeners: [{name: mqtts, port: 8883},"
            + " {name: devices, port: 8885, authentication: Certificate}]}");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
    pod = fleet.serve();
  }

  @AfterEach
  void close() {
    operator.close();
    pod.close();
  }

  private String says(String secret, String name, String password) {
    fleet.secret(secret, OFFERED, Map.of("username", name, "password", password));
    return fleet.get(Secret.class, secret).getMetadata().getResourceVersion();
  }

  private void user(String name, String more) {
    fleet.user(
        name,
        "password: {secretRef: {name: of-%s, usernameKey: username}}%s".formatted(name, more));
  }

  private MqttUserStatus status(String user) {
    return fleet.get(MqttUser.class, user).getStatus();
  }

  private void awaitName(String user, String name) {
    await(user + " is " + name)
        .atMost(Fleet.BOUND)
        .until(() -> name.equals(status(user).username()));
    fleet.awaitCondition(MqttUser.class, user, READY);
  }

  private UserConnection connect(String user, String name, String password) {
    var secret = fleet.get(Secret.class, user + "-mqtt");
    return new UserConnection(
        pod, Fleet.value(secret, "host"), Fleet.value(secret, "ca.crt"), name, password);
  }

  private void assertRefused(String user, String name, String password) {
    assertThatThrownBy(() -> connect(user, name, password).close())
        .isInstanceOf(com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException.class);
  }

  @Test
  void aNewNameIsTakenUpWhenNothingIsLeftOfTheOldOne() {
    says("of-anna", "first", "the first password");
    user("anna", "");
    awaitName("anna", "first");
    assertThat(fleet.value("anna-mqtt", "username")).isEqualTo("first");
    try (var before = connect("anna", "first", "the first password")) {
      before.subscribe("up/#");
      assertThat(before.mayPublish("up/first")).isTrue();
      assertThat(before.mayPublish("up/anna")).isFalse();

      var version = says("of-anna", "second", "the second password");
      await()
          .atMost(Fleet.BOUND)
          .until(
              () ->
                  version.equals(
                      Objects.requireNonNull(status("anna").credential()).resourceVersion()));
      awaitName("anna", "second");
      assertThat(before.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertThat(status("anna").pendingUsername()).isNull();
    assertThat(fleet.value("anna-mqtt", "username")).isEqualTo("second");
    assertThat(fleet.value("anna-mqtt", "password")).isEqualTo("the second password");
    assertRefused("anna", "first", "the first password");
    assertRefused("anna", "first", "the second password");
    assertRefused("anna", "second", "the first password");
    try (var after = connect("anna", "second", "the second password")) {
      assertThat(after.hadSession()).isFalse();
      assertThat(after.mayPublish("up/second")).isTrue();
      assertThat(after.mayPublish("up/first")).isFalse();
    }
    // Another who gets the name finds nothing of the session there was.
    fleet.user("bert", "username: first");
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    try (var bert = fleet.connect(pod, "bert")) {
      assertThat(bert.hadSession()).isFalse();
    }
  }

  @Test
  void theOldNameIsHeldUntilThePodIsProvenToBeWithoutIt() {
    says("of-anna", "first", "the first password");
    says("of-bert", "bertha", "a password of bert");
    user("anna", "");
    user("bert", "");
    awaitName("anna", "first");
    awaitName("bert", "bertha");
    pod.holdBack();
    var proven = Objects.requireNonNull(status("anna").credential());
    says("of-anna", "second", "the second password");
    fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
    fleet.user("carl", "username: first");
    fleet.awaitCondition(MqttUser.class, "carl", CONFLICT);
    says("of-bert", "first", "a password of bert");
    fleet.awaitCondition(MqttUser.class, "bert", CONFLICT);
    assertThat(status("anna").username()).isEqualTo("first");
    assertThat(status("anna").credential()).isEqualTo(proven);
    // The pod has not been without the name: who has the old password is let in there.
    connect("anna", "first", "the first password").close();

    fleet.delete(MqttUser.class, "carl");
    pod.catchUp();
    awaitName("anna", "second");
    awaitName("bert", "first");
    assertRefused("anna", "first", "the first password");
    assertRefused("anna", "first", "the second password");
    try (var bert = connect("bert", "first", "a password of bert")) {
      assertThat(bert.hadSession()).isFalse();
    }
  }

  @Test
  void nobodyTakesANameThatAnotherHas() {
    fleet.user("plain", "");
    says("of-anna", "first", "a password of anna");
    user("anna", "");
    awaitName("anna", "first");
    says("of-bert", "first", "a password of bert");
    user("bert", "");
    fleet.awaitCondition(MqttUser.class, "bert", CONFLICT);
    assertThat(fleet.message(MqttUser.class, "bert", "Accepted"))
        .contains("Secret of-bert", "MqttUser anna")
        .doesNotContain("first belongs");
    says("of-bert", "plain", "a password of bert");
    await()
        .atMost(Fleet.BOUND)
        .until(() -> fleet.message(MqttUser.class, "bert", "Accepted").contains("MqttUser plain"));
    assertThat(status("bert").username()).isNull();
    assertThat(status("bert").pendingUsername()).isNull();
    // One that has a name keeps it, and is refused, when its Secret says another's.
    try (var anna = connect("anna", "first", "a password of anna")) {
      says("of-anna", "plain", "a password of anna");
      fleet.awaitCondition(MqttUser.class, "anna", CONFLICT);
      assertThat(anna.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused("anna", "first", "a password of anna");
    assertRefused("anna", "plain", "a password of anna");
    says("of-bert", "first", "a password of bert");
    await()
        .atMost(Fleet.BOUND)
        .until(() -> fleet.message(MqttUser.class, "bert", "Accepted").contains("MqttUser anna"));
    fleet.connect(pod, "plain").close();
    says("of-anna", "first", "a password of anna");
    awaitName("anna", "first");
    connect("anna", "first", "a password of anna").close();
  }

  @Test
  void aSecretThatGoesAwayTakesNoNameAway() {
    says("of-anna", "first", "a password of anna");
    user("anna", "");
    awaitName("anna", "first");
    fleet.delete(Secret.class, "of-anna");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:SecretNotFound");
    fleet.user("bert", "username: first");
    fleet.awaitCondition(MqttUser.class, "bert", CONFLICT);
    assertThat(status("anna").username()).isEqualTo("first");
    assertRefused("anna", "first", "a password of anna");
    fleet.secret("of-anna", OFFERED, Map.of("password", "a password of anna"));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:SecretKeyMissing");
    says("of-anna", "first", "another password");
    awaitName("anna", "first");
    connect("anna", "first", "another password").close();
    // The last good password is one of that name alone.
    says("of-anna", "second", "no\npassword");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:InvalidPassword");
    await().atMost(Fleet.BOUND).until(() -> status("anna").pendingUsername() != null);
    assertRefused("anna", "first", "another password");
    assertRefused("anna", "second", "another password");
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    fleet.delete(MqttUser.class, "anna");
    fleet.awaitGone(MqttUser.class, "anna");
  }

  @Test
  void whatIsNoNameIsRefusedAndToldToNobody() {
    for (var bad :
        new String[] {"s3cret/value-of-mine", "s3cret value of mine", "$s3cret", "\u00e9s3cret"}) {
      says("of-anna", bad, "a password of anna");
      user("anna", "");
      fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:Invalid");
      assertThat(Serialization.asJson(status("anna"))).doesNotContain("s3cret");
      assertThat(fleet.message(MqttUser.class, "anna", "Accepted"))
          .startsWith("Secret of-anna, key username: A username is 1 to 128");
    }
    assertThat(
            Serialization.asJson(
                API.client().events().v1().events().inNamespace(fleet.namespace()).list()))
        .doesNotContain("s3cret");
    assertThat(String.join("\n", API.leaks().said())).doesNotContain("s3cret");
  }

  @Test
  void certificatesOfTheOldNameAreRevoked() {
    says("of-anna", "first", "the first password");
    user("anna", ", certificate: {}");
    awaitName("anna", "first");
    var old = pair();
    try (var before = device(old)) {
      says("of-anna", "second", "the second password");
      awaitName("anna", "second");
      assertThat(before.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertThatThrownBy(() -> device(old).close()).isInstanceOf(RuntimeException.class);
    assertThat(pair().certificate().getSubjectX500Principal().getName()).isEqualTo("CN=second");
    try (var after = device(pair())) {
      assertThat(after.mayPublish("up/second")).isTrue();
      assertThat(after.mayPublish("up/first")).isFalse();
    }
    says("of-anna", "x".repeat(65), "the second password");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:UsernameTooLong");
    assertThat(fleet.message(MqttUser.class, "anna", "Accepted")).doesNotContain("xxx");
    assertThat(status("anna").username()).isEqualTo("second");
  }

  private CertificateConnection device(KeyAndCertificate pair) {
    return new CertificateConnection(
        pod, DEVICES, fleet.value("anna-mqtt", "host"), fleet.value("fleet-ca", "tls.crt"), pair);
  }

  private KeyAndCertificate pair() {
    return Fleet.pair(fleet.get(Secret.class, "anna-mqtt"));
  }

  @Test
  void anOperatorThatStartsAnewTakesNoNameAway() {
    says("of-anna", "first", "a password of anna");
    user("anna", "");
    awaitName("anna", "first");
    pod.holdBack();
    says("of-anna", "second", "a password of anna");
    fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
    operator.close();
    says("of-anna", "third", "a password of anna");
    fleet.user("aaa", "username: first");
    operator = API.operator(fleet.namespace(), new LaterClock());
    fleet.awaitCondition(MqttUser.class, "aaa", CONFLICT);
    pod.catchUp();
    awaitName("anna", "third");
    fleet.awaitCondition(MqttUser.class, "aaa", READY);
    await()
        .during(Duration.ofMillis(500))
        .until(() -> fleet.message(MqttUser.class, "anna", "Ready").contains("Every running pod"));
  }

  @Test
  void aUserThatIsDeletedMeanwhileGoesWithBothNames() {
    says("of-anna", "first", "a password of anna");
    user("anna", "");
    awaitName("anna", "first");
    connect("anna", "first", "a password of anna").close();
    pod.holdBack();
    says("of-anna", "second", "a password of anna");
    fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
    fleet.user("bert", "username: first");
    fleet.awaitCondition(MqttUser.class, "bert", CONFLICT);
    fleet.delete(MqttUser.class, "anna");
    pod.catchUp();
    fleet.awaitGone(MqttUser.class, "anna");
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    try (var bert = fleet.connect(pod, "bert")) {
      assertThat(bert.hadSession()).isFalse();
    }
  }
}
