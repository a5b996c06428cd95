package io.mqttoperator.operator.broker.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.KeylessCertificate;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.OpensslRequest;
import io.mqttoperator.operator.testing.RunningOperator;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whose key it is: the device's, one that stays, one in another form. No pod runs. */
class DeviceKeyTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  @TempDir Path folder;
  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock();
  private RunningOperator operator;

  @BeforeEach
  void start() {
    operator = API.operator(fleet.namespace(), clock);
    fleet.broker("{listeners: [{name: devices, port: 8885, authentication: Certificate}]}");
    fleet.awaitAccepted();
  }

  @AfterEach
  void close() {
    operator.close();
  }

  private String request(String commonName) {
    return OpensslRequest.of(folder, "/CN=" + commonName);
  }

  private static String certificate(String request) {
    return "certificate: {csr: \"" + request.replace("\n", "\\n") + "\"}";
  }

  private KeylessCertificate issued(String user) {
    try {
      return KeylessCertificate.parse(fleet.value(user + "-mqtt", "tls.crt").getBytes(US_ASCII));
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private BigInteger serial(String user) {
    return issued(user).certificate().getSerialNumber();
  }

  private LedgerEntry.State state(BigInteger serial) {
    return fleet.ledger().find(serial).orElseThrow().state();
  }

  private void awaitAnother(String user, BigInteger before) {
    await().atMost(Fleet.BOUND).until(() -> !serial(user).equals(before));
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                Objects.requireNonNull(fleet.get(MqttUser.class, user).getStatus().certificate())
                    .serial()
                    .equals(issued(user).serialHex()));
  }

  @Test
  void aDevicesOwnKeyIsSignedAndNeverHere() throws Exception {
    fleet.user("meter", certificate(request("meter")));
    fleet.awaitUser("meter");
    var data = fleet.get(Secret.class, "meter-mqtt").getData();
    assertThat(data).containsKeys("tls.crt", "ca.crt").doesNotContainKeys("tls.key", "password");
    var first = serial("meter");
    // The key in the folder is that of the certificate.
    KeyAndCertificate.parse(
        fleet.value("meter-mqtt", "tls.crt").getBytes(US_ASCII),
        Files.readAllBytes(folder.resolve("device.key")));

    // Another key, at once; the old certificate stays valid.
    fleet.user("meter", certificate(request("meter")));
    awaitAnother("meter", first);
    KeyAndCertificate.parse(
        fleet.value("meter-mqtt", "tls.crt").getBytes(US_ASCII),
        Files.readAllBytes(folder.resolve("device.key")));
    assertThat(state(first)).isEqualTo(LedgerEntry.State.ISSUED);

    // One for another name: refused, and what there is stays.
    var second = serial("meter");
    fleet.user("meter", certificate(request("other")));
    fleet.awaitCondition(MqttUser.class, "meter", "Accepted=False:InvalidCertificate");
    assertThat(fleet.message(MqttUser.class, "meter", "Accepted"))
        .startsWith("spec.certificate.csr: the signing request asks for another name");
    assertThat(serial("meter")).isEqualTo(second);
    assertThat(state(second)).isEqualTo(LedgerEntry.State.ISSUED);

    // From a request to a key that is made here, and so with one in the Secret.
    fleet.user("meter", "certificate: {}");
    awaitAnother("meter", second);
    assertThat(fleet.get(Secret.class, "meter-mqtt").getData()).containsKey("tls.key");
  }

  @Test
  void aRenewalMakesAnotherKeyUnlessItIsToStay() throws Exception {
    fleet.user("rotating", "certificate: {}");
    fleet.user("pinned", "certificate: {keyRotation: Never}");
    fleet.awaitUser("rotating");
    fleet.awaitUser("pinned");
    var rotating = issued("rotating").certificate();
    var pinned = issued("pinned").certificate();
    clock.ahead(Duration.ofDays(61));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    awaitAnother("rotating", rotating.getSerialNumber());
    awaitAnother("pinned", pinned.getSerialNumber());
    assertThat(issued("rotating").certificate().getPublicKey())
        .isNotEqualTo(rotating.getPublicKey());
    assertThat(issued("pinned").certificate().getPublicKey()).isEqualTo(pinned.getPublicKey());
    // One that may have been stolen does not stay.
    var renewed = serial("pinned");
    fleet.user("pinned", "certificate: {keyRotation: Never, generation: 2}");
    awaitAnother("pinned", renewed);
    assertThat(issued("pinned").certificate().getPublicKey()).isNotEqualTo(pinned.getPublicKey());
    assertThat(state(pinned.getSerialNumber())).isEqualTo(LedgerEntry.State.REVOKED);
    assertThat(state(renewed)).isEqualTo(LedgerEntry.State.REVOKED);
  }

  @Test
  void theOtherFormIsOfTheSameCertificateAndMadeOnce() throws Exception {
    fleet.user("tool", "certificate: {pkcs12: true}");
    fleet.awaitUser("tool");
    assertSame("tool");
    var secret = fleet.get(Secret.class, "tool-mqtt");
    operator.wake(fleet.namespace(), Fleet.BROKER);
    var passes = operator.passes();
    await().atMost(Fleet.BOUND).until(() -> operator.passes() > passes);
    assertThat(fleet.get(Secret.class, "tool-mqtt").getMetadata().getResourceVersion())
        .isEqualTo(secret.getMetadata().getResourceVersion());

    var before = serial("tool");
    fleet.user("tool", "certificate: {pkcs12: true, generation: 2}");
    awaitAnother("tool", before);
    assertSame("tool");

    // Somebody's hand in it is undone.
    var edited = fleet.get(Secret.class, "tool-mqtt");
    edited.getData().put("user.p12", "eHh4");
    API.client().resource(edited).update();
    await().atMost(Fleet.BOUND).until(() -> !"xxx".equals(fleet.value("tool-mqtt", "user.p12")));
    assertSame("tool");

    var kept = serial("tool");
    fleet.user("tool", "certificate: {generation: 2}");
    await()
        .atMost(Fleet.BOUND)
        .until(() -> !fleet.get(Secret.class, "tool-mqtt").getData().containsKey("user.p12"));
    assertThat(fleet.get(Secret.class, "tool-mqtt").getData()).doesNotContainKey("user.password");
    assertThat(serial("tool")).isEqualTo(kept);
  }

  private void assertSame(String user) throws Exception {
    var data = fleet.get(Secret.class, user + "-mqtt").getData();
    var password = fleet.value(user + "-mqtt", "user.password").toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    store.load(
        new ByteArrayInputStream(
            Base64.getDecoder().decode(Objects.requireNonNull(data.get("user.p12")))),
        password);
    assertThat(Arrays.asList(store.getCertificateChain(user))).isEqualTo(issued(user).chain());
    assertThat(store.getKey(user, password)).isNotNull();
  }
}
