package io.mqttoperator.operator.broker.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus.UserCertificateStatus;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.testing.CertificateConnection;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of users, and what a real Mosquitto makes of them. */
@Execution(ExecutionMode.CONCURRENT)
class ClientCertificateTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String BROKER =
      """
      {listeners: [
        {name: mqtts, port: 8883},
        {name: devices, port: 8885, authentication: Certificate},
        {name: both, port: 8886, authentication: CertificateAndPassword}]}
      """;
  private static final int DEVICES = 8885;
  private static final int BOTH = 8886;
  private static final String READY = "Ready=True:Enforced";

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock();
  private RunningOperator operator;
  private ServingPod pod;
  private boolean hasEnded;

  @BeforeEach
  void serve() {
    operator = API.operator(fleet.namespace(), clock);
    fleet.broker(BROKER);
    fleet.user("anna", "certificate: {}");
    fleet.user("bert", "certificate: {}, password: {}");
    fleet.acl("up", "up/{username}");
    fleet.acl("all", "{user: bert}", "up/#");
    fleet.awaitAccepted();
    pod = fleet.serve();
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
  }

  @AfterEach
  void close() {
    operator.close();
    if (!hasEnded) {
      pod.close();
    }
  }

  /** The broker could not store its own there, and could revoke nothing from then on. */
  @Test
  void aSecretOfTheBrokersIsNotWrittenForAUser() {
    var before = fleet.get(Secret.class, "anna-mqtt").getData();
    fleet.user("anna", "certificate: {}, secret: {name: fleet-sessions}");
    fleet.user("carl", "certificate: {}, secret: {name: fleet-sessions}");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:NameTaken");
    fleet.awaitCondition(MqttUser.class, "carl", "Accepted=False:NameTaken");
    var seen = new AtomicInteger();
    await("no pass without a reason")
        .atMost(Fleet.BOUND)
        .during(Duration.ofMillis(1500))
        .until(() -> seen.getAndSet(operator.passes()) == operator.passes());
    assertThat(
            API.client().secrets().inNamespace(fleet.namespace()).withName("fleet-sessions").get())
        .isNull();
    assertThat(fleet.get(Secret.class, "anna-mqtt").getData()).isEqualTo(before);
    connect(pair("anna")).close();
  }

  private KeyAndCertificate pair(String user) {
    return Fleet.pair(fleet.get(Secret.class, user + "-mqtt"));
  }

  private CertificateConnection connect(@Nullable KeyAndCertificate pair) {
    return new CertificateConnection(
        pod, DEVICES, fleet.value("anna-mqtt", "host"), fleet.value("fleet-ca", "tls.crt"), pair);
  }

  private void assertRefused(@Nullable KeyAndCertificate pair) {
    assertThatThrownBy(() -> connect(pair).close()).isInstanceOf(RuntimeException.class);
  }

  private LedgerEntry.State stateOf(KeyAndCertificate pair) {
    return fleet.ledger().find(pair.certificate().getSerialNumber()).orElseThrow().state();
  }

  private UserCertificateStatus status(String user) {
    return Objects.requireNonNull(fleet.get(MqttUser.class, user).getStatus().certificate());
  }

  @Test
  void aCertificateLetsInItsUserAndNobodyElse() {
    var anna = fleet.get(Secret.class, "anna-mqtt").getData();
    assertThat(anna.keySet())
        .containsExactlyInAnyOrder(
            "type", "provider", "host", "port", "uri", "username", "ca.crt", "tls.crt", "tls.key");
    assertThat(fleet.value("anna-mqtt", "port")).isEqualTo("8885");
    assertThat(fleet.value("bert-mqtt", "port")).isEqualTo("8883");
    assertThat(fleet.get(Secret.class, "bert-mqtt").getData()).containsKeys("password", "tls.crt");
    assertThat(fleet.value("fleet-files-0", "password-0")).doesNotContain("anna").contains("bert");
    assertThat(pod.file("clients.crl")).startsWith("-----BEGIN X509 CRL-----");

    try (var client = connect(pair("anna"))) {
      assertThat(client.mayPublish("up/anna")).isTrue();
      assertThat(client.mayPublish("up/bert")).isFalse();
    }
    assertRefused(null);
    // Of the CA that lets the operator in on its own port.
    assertRefused(Fleet.pair(fleet.get(Secret.class, "fleet-operator")));
    assertThat(status("anna").serial()).isEqualTo(pair("anna").serialHex());
    assertThat(Instant.parse(status("anna").notAfter())).isEqualTo(pair("anna").notAfter());
    assertThat(Instant.parse(status("anna").renewAt()))
        .isBetween(
            pair("anna").notAfter().minus(Duration.ofDays(37)),
            pair("anna").notAfter().minus(Duration.ofDays(30)));
    assertThat(fleet.get(MqttBroker.class, Fleet.BROKER).getStatus().warnings())
        .singleElement()
        .asString()
        .contains("Listener both does not bind the certificate to the password");
  }

  @Test
  void aListenerForBothTakesBoth() {
    var password = fleet.value("bert-mqtt", "password");
    var host = fleet.value("bert-mqtt", "host");
    var trust = fleet.value("fleet-ca", "tls.crt");
    try (var client =
        new CertificateConnection(pod, BOTH, host, trust, pair("bert"), "bert", password)) {
      assertThat(client.mayPublish("up/bert")).isTrue();
    }
    assertThatThrownBy(
            () -> new CertificateConnection(pod, BOTH, host, trust, null, "bert", password).close())
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(
            () ->
                new CertificateConnection(pod, BOTH, host, trust, pair("bert"), "bert", "x")
                    .close())
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void aDeletedUsersCertificateIsRevokedAndItsSessionEnds() throws Exception {
    var stolen = pair("anna");
    try (var anna = connect(stolen);
        var bert = connect(pair("bert"))) {
      anna.subscribe("up/#");
      fleet.delete(MqttUser.class, "anna");
      fleet.awaitGone(MqttUser.class, "anna");
      assertThat(stateOf(stolen)).isEqualTo(LedgerEntry.State.REVOKED);
      assertThat(anna.ended()).succeedsWithin(Fleet.BOUND);
      assertRefused(stolen);
      assertThat(bert.mayPublish("up/bert")).isTrue();
      assertThat(bert.ended()).isNotDone();
    }
    // Made again under the old name, with the old certificate still refused.
    fleet.delete(Secret.class, "anna-mqtt");
    fleet.user("anna", "certificate: {}");
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertRefused(stolen);
    connect(pair("anna")).close();
  }

  @Test
  void aRaisedGenerationRevokesAllThatWereIssuedBefore() {
    var stolen = pair("anna");
    try (var thief = connect(stolen)) {
      fleet.acl("down", "{user: anna}", "down");
      fleet.user("anna", "certificate: {generation: 2}");
      fleet.awaitCondition(MqttUser.class, "anna", READY);
      assertThat(thief.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertThat(stateOf(stolen)).isEqualTo(LedgerEntry.State.REVOKED);
    assertRefused(stolen);
    try (var client = connect(pair("anna"))) {
      assertThat(client.mayPublish("up/anna")).isTrue();
    }
    assertThat(fleet.ledger().usernamesWithSessions()).isEmpty();
  }

  /** Who resumes a TLS session shows no certificate again. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void noTicketOfASessionOpensABrokerThatRefusesItsCertificate(String version, @TempDir Path folder)
      throws Exception {
    for (var file : List.of("tls.crt", "tls.key", "ca.crt")) {
      Files.writeString(folder.resolve(file), fleet.value("anna-mqtt", file));
    }
    assertThat(handshake(folder, version, "-sess_out")).contains("Verify return code: 0 (ok)");
    assertThat(handshake(folder, version, "-sess_in")).contains("Reused, ");
    fleet.user("anna", "certificate: {generation: 2}");
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertThat(handshake(folder, version, "-sess_in")).doesNotContain("Reused, ");
  }

  private String handshake(Path folder, String version, String session) throws Exception {
    var output = folder.resolve("output");
    // A ticket of TLS 1.3 comes after the handshake.
    var command =
        ("sleep 1 | timeout 10 openssl s_client -connect %s:%d -CAfile ca.crt -cert tls.crt"
                + " -key tls.key %s %s session")
            .formatted(pod.address(), DEVICES, version, session);
    var process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, ISO_8859_1);
  }

  @Test
  void whoIsDisabledIsRevokedAndGetsAnotherOneLater() {
    var first = pair("anna");
    try (var session = connect(first)) {
      fleet.user("anna", "certificate: {}, disabled: true");
      fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Disabled");
      assertThat(session.ended()).succeedsWithin(Fleet.BOUND);
    }
    assertRefused(first);
    // The Secret stays.
    assertThat(pair("anna").serialHex()).isEqualTo(first.serialHex());
    fleet.user("anna", "certificate: {}");
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertRefused(first);
    connect(pair("anna")).close();
  }

  @Test
  void aUserWithoutACertificateAnyMoreIsLetInByPasswordAlone() {
    var first = pair("bert");
    fleet.user("bert", "password: {}");
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    assertRefused(first);
    assertThat(fleet.get(Secret.class, "bert-mqtt").getData())
        .doesNotContainKeys("tls.crt", "tls.key");
    assertThat(fleet.get(MqttUser.class, "bert").getStatus().certificate()).isNull();
    fleet.connect(pod, "bert").close();
  }

  @Test
  void aLostSecretMeansALostCertificate() {
    var lost = pair("anna");
    fleet.delete(Secret.class, "anna-mqtt");
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                fleet
                    .find(Secret.class, "anna-mqtt")
                    .filter(found -> !Fleet.pair(found).serialHex().equals(lost.serialHex()))
                    .isPresent());
    await()
        .atMost(Fleet.BOUND)
        .until(() -> status("anna").serial().equals(pair("anna").serialHex()));
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertRefused(lost);
    connect(pair("anna")).close();
  }

  @Test
  void somebodyElsesCertificateInASecretNeverCounts() {
    var own = pair("anna");
    var other = fleet.get(Secret.class, "bert-mqtt").getData();
    var secret = fleet.get(Secret.class, "anna-mqtt");
    secret.getData().put("tls.crt", other.get("tls.crt"));
    secret.getData().put("tls.key", other.get("tls.key"));
    API.client().resource(secret).update();
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                !Fleet.value(fleet.get(Secret.class, "anna-mqtt"), "tls.crt")
                    .equals(Fleet.value(secret, "tls.crt")));
    await()
        .atMost(Fleet.BOUND)
        .until(() -> status("anna").serial().equals(pair("anna").serialHex()));
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertRefused(own);
    connect(pair("anna")).close();
    connect(pair("bert")).close();
  }

  @Test
  void aSecretNameThatIsTakenTakesNoCertificateAway() {
    fleet.secret("taken", Map.of(), Map.of("somebody", "else"));
    fleet.user("anna", "certificate: {}, secret: {name: taken}");
    fleet.awaitCondition(MqttUser.class, "anna", "Accepted=False:NameTaken");
    try (var client = connect(pair("anna"))) {
      assertThat(client.mayPublish("up/anna")).isTrue();
    }
    assertThat(fleet.ledger().revoked()).isEmpty();
  }

  /** Who takes the labels of a Secret away makes it invisible, and loses nobody a certificate. */
  @Test
  void aSecretWithoutLabelsKeepsItsCertificate() {
    var before = pair("anna");
    var secret = fleet.get(Secret.class, "anna-mqtt");
    secret.getMetadata().setLabels(Map.of());
    API.client().resource(secret).update();
    operator.wake(fleet.namespace(), Fleet.BROKER);
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                fleet
                    .get(Secret.class, "anna-mqtt")
                    .getMetadata()
                    .getLabels()
                    .containsKey(Labels.MANAGED_BY));
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    assertThat(pair("anna").serialHex()).isEqualTo(before.serialHex());
    assertThat(stateOf(before)).isEqualTo(LedgerEntry.State.ISSUED);
    connect(before).close();
  }

  @Test
  void isRenewedInTimeAndTheOldOneGoesOn() {
    var old = pair("anna");
    clock.ahead(Duration.ofDays(61));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    await().atMost(Fleet.BOUND).until(() -> !pair("anna").serialHex().equals(old.serialHex()));
    assertThat(stateOf(old)).isEqualTo(LedgerEntry.State.ISSUED);
    assertThat(fleet.ledger().revoked()).isEmpty();
  }

  @Test
  void aBrokerMadeAgainNeverTrustsWhatWasRevoked() {
    var revoked = pair("anna");
    var orphaned = pair("bert");
    fleet.delete(MqttUser.class, "anna");
    fleet.awaitGone(MqttUser.class, "anna");
    pod.close();
    hasEnded = true;
    fleet.delete(MqttBroker.class, Fleet.BROKER);
    fleet.awaitCondition(MqttUser.class, "bert", "Accepted=False:BrokerNotFound");
    fleet.delete(MqttUser.class, "bert");
    fleet.awaitGone(MqttUser.class, "bert");
    assertThat(fleet.get(Secret.class, "fleet-revocations").getMetadata().getLabels())
        .containsEntry(Labels.RETAINED_FOR, "fleet");
    collect();
    fleet.broker(BROKER);
    await()
        .atMost(Fleet.BOUND)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(stateOf(revoked)).isEqualTo(LedgerEntry.State.REVOKED);
              assertThat(stateOf(orphaned)).isEqualTo(LedgerEntry.State.REVOKED);
              assertThat(revokedInFiles())
                  .contains(
                      revoked.certificate().getSerialNumber(),
                      orphaned.certificate().getSerialNumber());
            });
  }

  /** What the garbage collector would do, which is not there. */
  private void collect() {
    for (var kind :
        List.of(
            Secret.class,
            ConfigMap.class,
            Service.class,
            ServiceAccount.class,
            StatefulSet.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class)) {
      API.client().resources(kind).inNamespace(fleet.namespace()).list().getItems().stream()
          .filter(object -> !object.getMetadata().getOwnerReferences().isEmpty())
          .forEach(object -> fleet.delete(kind, object.getMetadata().getName()));
    }
  }

  private java.util.Set<java.math.BigInteger> revokedInFiles() throws InvalidCertificateException {
    return io.mqttoperator.operator.pki.CertificateRevocationList.parse(
            fleet.value("fleet-internal", "clients.crl").getBytes(UTF_8))
        .revokedSerials();
  }

  /** Nothing is left to write once all is as it is to be. */
  @Test
  void aSteadyStateWritesNothing() {
    // The last status of the broker may be on its way yet.
    await().atMost(Fleet.BOUND).until(() -> writesOfThreePasses().isEmpty());
    assertThat(writesOfThreePasses()).isEmpty();
  }

  private List<String> writesOfThreePasses() {
    var writes = operator.requests().writes().size();
    var passes = operator.passes();
    await()
        .atMost(Fleet.BOUND)
        .until(
            () -> {
              operator.wake(fleet.namespace(), Fleet.BROKER);
              return operator.passes() > passes + 3;
            });
    var all = operator.requests().writes();
    return List.copyOf(all.subList(writes, all.size()));
  }
}
