package io.mqttoperator.operator.broker.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The change from one authority to the next, with a real Mosquitto and clients that stay. */
@Execution(ExecutionMode.CONCURRENT)
class AuthorityRolloverTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String READY = "Ready=True:Enforced";
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  /** Mosquitto has no clock but the real one: what is issued is to have begun by that. */
  private static final Duration START = Duration.ofMinutes(-15);

  @TempDir Path folder;

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock(START);
  private RunningOperator operator;
  private ServingPod pod;
  private TrustingDevices devices;

  @BeforeEach
  void serve() {
    operator = API.operator(fleet.namespace(), clock);
    ask(1);
    fleet.user("anna", "certificate: {pkcs12: true}");
    fleet.user("bert", "certificate: {}, password: {}");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
    pod = fleet.serve();
    devices = new TrustingDevices(fleet, pod, folder);
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
  }

  @AfterEach
  void close() {
    operator.close();
    pod.close();
  }

  private void ask(int generation) {
    ask(generation, "");
  }

  private void ask(int generation, String more) {
    TrustingDevices.broker(fleet, "generation: %d, overlap: 2m%s".formatted(generation, more));
  }

  private Map<String, String> phases() {
    return fleet.status(MqttBrokerStatus::certificates).stream()
        .filter(certificate -> certificate.name().startsWith("authority"))
        .collect(Collectors.toMap(each -> each.name(), each -> each.phase()));
  }

  private String phase() {
    return Objects.requireNonNull(phases().get("authority"));
  }

  private void awaitPhase(String phase) {
    await().atMost(Fleet.BOUND).until(() -> phase().equals(phase));
  }

  /** In what is stored: the status may be that of the stage before. */
  private void awaitObserved(int former) {
    await()
        .atMost(Fleet.BOUND)
        .ignoreExceptions()
        .until(
            () ->
                fleet
                    .value("fleet-ca", "authorities")
                    .matches("(?s).*former-" + former + " [0-9]+ [0-9]+ 2.*"));
    awaitPhase("Observe");
  }

  private void passOverlap() {
    clock.ahead(clock.ahead().plus(OVERLAP).plusSeconds(5));
    operator.wake(fleet.namespace(), Fleet.BROKER);
  }

  private String authority() {
    return fleet.value("fleet-ca", "tls.crt");
  }

  private void assertServed(String trust) throws IOException {
    assertThat(devices.isServed(trust)).isTrue();
  }

  @Test
  void aRaisedGenerationLeadsToAnotherAuthorityAndNobodyIsRefused() throws Exception {
    var first = authority();
    var old = devices.pair("anna");
    try (var stays = devices.connect(devices.pair("bert"), first)) {
      ask(2);
      awaitPhase("Observe");
      var second = authority();
      assertThat(second).isNotEqualTo(first);
      assertThat(phases()).containsOnlyKeys("authority", "authority-former");
      assertThat(devices.bundle()).isEqualTo(second + first);
      assertThat(fleet.value("anna-mqtt", "ca.crt")).isEqualTo(second + first);
      assertServed(first);
      assertServed(second);
      var renewed = devices.pair("anna");
      assertThat(renewed.serialHex()).isNotEqualTo(old.serialHex());
      devices.connect(old, first).close();
      devices.connect(renewed, second).close();
      devices.connect(renewed, first).close();
      assertThat(fleet.status(MqttBrokerStatus::warnings).toString())
          .contains("(Observe)", "no user's newest certificate is of the former one");

      passOverlap();
      awaitPhase("Current");
      assertThat(phases()).containsOnlyKeys("authority");
      assertThat(authority()).isEqualTo(second);
      assertThat(devices.bundle()).isEqualTo(second);
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(() -> assertThat(pod.file("clients-ca.crt")).isEqualTo(second));
      fleet.awaitCondition(MqttUser.class, "anna", READY);
      await().atMost(Fleet.BOUND).untilAsserted(() -> devices.assertRefused(old, second));
      devices.connect(renewed, second).close();
      assertServed(second);
      assertThat(devices.handshake(second).split("BEGIN CERTIFICATE")).hasSize(2);
      assertThat(devices.isServed(first)).isFalse();
      assertThat(stays.mayPublish("up/bert")).as("a session that stands stays").isTrue();
      assertThat(API.notes(fleet.namespace(), "AuthorityRollover"))
          .extracting(note -> note.replaceAll(":.*", ""))
          .containsExactlyInAnyOrder("Trust", "Issue", "Observe", "Distrust");
      assertThat(fleet.get(Secret.class, "fleet-ca").getData())
          .containsOnlyKeys("tls.crt", "tls.key", "authorities");
    }
  }

  /** What is not seen is not assumed; and a new operator goes on where the last one was. */
  @Test
  void nothingIsIssuedBeforeEachPodTrustsIt() throws Exception {
    var first = authority();
    pod.holdBack();
    ask(2);
    awaitPhase("Trust");
    assertThat(phases()).containsOnlyKeys("authority", "authority-next");
    operator.close();
    operator = API.operator(fleet.namespace(), clock);
    var passes = operator.passes();
    await().atMost(Fleet.BOUND).until(() -> operator.passes() > passes + 2);
    assertThat(phase()).isEqualTo("Trust");
    assertThat(authority()).isEqualTo(first);
    pod.catchUp();
    awaitPhase("Observe");
    assertThat(authority()).isNotEqualTo(first);
    assertServed(first);
  }

  @Test
  void aSecondRolloverOnTopServesWhoTrustsAnyOfTheThree() throws Exception {
    var first = authority();
    var firstPair = devices.pair("anna");
    ask(2);
    awaitObserved(1);
    var second = authority();
    var secondPair = devices.pair("anna");
    ask(3);
    awaitObserved(2);
    var third = authority();
    var thirdPair = devices.pair("anna");
    for (var trust : List.of(first, second, third)) {
      assertServed(trust);
      for (var pair : List.of(firstPair, secondPair, thirdPair)) {
        devices.connect(pair, trust).close();
      }
    }
    assertThat(phases()).containsOnlyKeys("authority", "authority-former", "authority-former-2");
    passOverlap();
    awaitPhase("Current");
    assertThat(devices.bundle()).isEqualTo(third);
    await().atMost(Fleet.BOUND).untilAsserted(() -> devices.assertRefused(secondPair, third));
    devices.connect(thirdPair, third).close();
  }

  /** Whoever may write the user's Secret keeps the old certificate there, whatever is issued. */
  @Test
  void aTenantThatFightsOverItsSecretHoldsARolloverUpForAnHourAtMost() {
    var kept = Map.copyOf(fleet.get(Secret.class, "anna-mqtt").getData());
    fight("anna-mqtt", kept);
    ask(2);
    awaitIssuedAnew("bert");
    var passes = operator.passes();
    await().atMost(Fleet.BOUND).until(() -> operator.passes() > passes + 5);
    assertThat(phase()).isEqualTo("Issue");
    goOn(Duration.ofMinutes(11));
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:Invalid");
    assertThat(fleet.message(MqttUser.class, "anna", "Accepted"))
        .contains("Its Secret was not seen to hold the certificate that was issued for it");
    assertThat(phase()).isEqualTo("Issue");
    goOn(Duration.ofMinutes(50));
    awaitObserved(1);
    passOverlap();
    awaitPhase("Current");
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    assertThat(fleet.condition(MqttUser.class, "anna", "Accepted"))
        .isEqualTo("Accepted=False:Invalid");
    operator.requests().follow("", () -> {});
    fleet.awaitCondition(MqttUser.class, "anna", READY);
  }

  private void goOn(Duration time) {
    clock.ahead(clock.ahead().plus(time));
    operator.wake(fleet.namespace(), Fleet.BROKER);
  }

  private void awaitIssuedAnew(String user) {
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                KeyAndCertificate.parse(
                        authority().getBytes(US_ASCII),
                        fleet.value("fleet-ca", "tls.key").getBytes(US_ASCII))
                    .certificate()
                    .getSubjectX500Principal()
                    .equals(devices.pair(user).certificate().getIssuerX500Principal()));
  }

  /** Puts a Secret's content back whenever the operator has changed it. */
  private void fight(String name, Map<String, String> kept) {
    operator
        .requests()
        .follow(
            "/secrets/" + name,
            () ->
                API.client()
                    .secrets()
                    .inNamespace(fleet.namespace())
                    .withName(name)
                    .edit(found -> new SecretBuilder(found).withData(kept).build()));
  }

  @Test
  void goesBackToAnAuthorityThatIsStillTrusted() throws Exception {
    var first = authority();
    ask(2);
    awaitObserved(1);
    var second = authority();
    var secondPair = devices.pair("anna");
    ask(1);
    awaitObserved(2);
    assertThat(authority()).isEqualTo(first);
    assertServed(first);
    assertServed(second);
    devices.connect(secondPair, second).close();
    devices.connect(devices.pair("anna"), first).close();
    passOverlap();
    awaitPhase("Current");
    assertThat(devices.bundle()).isEqualTo(first);
    await().atMost(Fleet.BOUND).untilAsserted(() -> devices.assertRefused(secondPair, first));
    devices.connect(devices.pair("anna"), first).close();
  }

  @Test
  void goesBackBeforeAnythingIsIssued() {
    var first = authority();
    pod.holdBack();
    ask(2);
    awaitPhase("Trust");
    ask(1);
    awaitPhase("Current");
    pod.catchUp();
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertThat(devices.bundle()).isEqualTo(first);
    assertThat(authority()).isEqualTo(first);
  }

  @Test
  void anAuthorityIsReplacedInTime() throws Exception {
    ask(2, ", validity: 1h, renewBefore: 50m");
    awaitObserved(1);
    passOverlap();
    awaitPhase("Current");
    var second = authority();
    clock.ahead(Duration.ofMinutes(-2));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    awaitObserved(2);
    assertThat(authority()).isNotEqualTo(second);
    assertServed(second);
    assertServed(authority());
    devices.connect(devices.pair("anna"), second).close();
  }
}
