package io.mqttoperator.operator.broker.certificates;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.testing.CertificateConnection;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The owner's change from one authority to another, with a real Mosquitto and real clients. */
@Execution(ExecutionMode.CONCURRENT)
class BroughtAuthorityChangeTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final int DEVICES = 8885;
  private static final String READY = "Ready=True:Enforced";
  private static final Duration OVERLAP = Duration.ofMinutes(2);
  private static final String BROUGHT = "secretRef: {name: company-ca}, overlap: 2m";
  private static final String GENERATED = "overlap: 2m";

  @TempDir Path folder;

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock(Duration.ZERO);
  private RunningOperator operator = API.operator(fleet.namespace(), clock);

  @SuppressWarnings("NullAway.Init") // each test begins with serve
  private ServingPod pod;

  private void serve(String authority) {
    ask(authority);
    fleet.user("anna", "certificate: {}");
    fleet.user("bert", "certificate: {}");
    fleet.user("carl", "certificate: {}");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
    pod = fleet.serve();
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    fleet.awaitCondition(MqttUser.class, "carl", READY);
  }

  @AfterEach
  void close() {
    operator.close();
    pod.close();
  }

  private void ask(String authority) {
    fleet.broker(
        """
        {listeners: [
          {name: mqtts, port: 8883},
          {name: devices, port: 8885, authentication: Certificate}],
         certificates: {authority: {%s}}}
        """
            .formatted(authority));
  }

  /** Makes a root by openssl and offers it; answers its certificate. */
  private String offer(String subject, String key) throws Exception {
    var unused =
        run(
            "openssl req -x509 -newkey %s -nodes -subj '%s' -days 3650 -keyout ca.key -out ca.crt"
                    .formatted(key, subject)
                + " -addext keyUsage=critical,keyCertSign,cRLSign");
    var certificate = Files.readString(folder.resolve("ca.crt"));
    fleet.secret(
        "company-ca",
        Map.of(Labels.CREDENTIALS, "true"),
        Map.of("tls.crt", certificate, "tls.key", Files.readString(folder.resolve("ca.key"))));
    return certificate;
  }

  private String run(String command) throws IOException, InterruptedException {
    var output = folder.resolve("output");
    var process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, ISO_8859_1);
  }

  private String bundle() {
    return Objects.requireNonNull(
        fleet.get(ConfigMap.class, "fleet-trust").getData().get("ca.crt"));
  }

  private void awaitBundle(String... certificates) {
    var all = String.join("", certificates);
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () -> {
              assertThat(bundle()).isEqualTo(all);
              assertThat(pod.file("clients-ca.crt")).isEqualTo(all);
            });
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
  }

  private KeyAndCertificate pair(String user) {
    try {
      return KeyAndCertificate.parse(
          fleet.value(user + "-mqtt", "tls.crt").getBytes(US_ASCII),
          fleet.value(user + "-mqtt", "tls.key").getBytes(US_ASCII));
    } catch (InvalidCertificateException unusable) {
      throw new AssertionError(unusable);
    }
  }

  private CertificateConnection connect(KeyAndCertificate pair, String trust) {
    return new CertificateConnection(pod, DEVICES, fleet.value("anna-mqtt", "host"), trust, pair);
  }

  private void assertRefused(KeyAndCertificate pair, String trust) {
    assertThatThrownBy(() -> connect(pair, trust).close()).isInstanceOf(RuntimeException.class);
  }

  private boolean isServed(String trust) throws Exception {
    Files.writeString(folder.resolve("trust.crt"), trust);
    return run("timeout 10 openssl s_client -connect %s:8883 -CAfile trust.crt </dev/null"
            .formatted(pod.address()))
        .contains("Verify return code: 0 (ok)");
  }

  private void passOverlap() {
    clock.ahead(clock.ahead().plus(OVERLAP).plusSeconds(5));
    operator.wake(fleet.namespace(), Fleet.BROKER);
  }

  private List<String> authorities() {
    return fleet.status(MqttBrokerStatus::certificates).stream()
        .map(certificate -> certificate.name())
        .filter(name -> name.startsWith("authority"))
        .toList();
  }

  private String warnings() {
    return fleet.status(MqttBrokerStatus::warnings).toString();
  }

  /** As cert-manager makes them with {@code rotationPolicy: Always}: one name, another key. */
  @Test
  void anotherKeyUnderTheSameNameRefusesNobody() throws Exception {
    var first = offer("/O=Company/OU=Things/CN=Company CA", "rsa:3072");
    serve(BROUGHT);
    awaitBundle(first);
    var oldAnna = pair("anna");
    var oldBert = pair("bert");
    try (var stays = connect(pair("carl"), first)) {
      var second =
          offer("/O=Company/OU=Things/CN=Company CA", "ec -pkeyopt ec_paramgen_curve:P-256");
      awaitBundle(second, first);
      assertThat(isServed(first)).as("to who trusts the former alone").isTrue();
      assertThat(isServed(second)).as("to who trusts the new one alone").isTrue();
      var newAnna = pair("anna");
      assertThat(newAnna.serialHex()).isNotEqualTo(oldAnna.serialHex());
      connect(oldAnna, first).close();
      connect(oldAnna, second).close();
      connect(newAnna, first).close();
      connect(newAnna, second).close();
      assertThat(authorities()).containsExactly("authority", "authority-former");
      assertThat(warnings()).contains("the former one is trusted until").doesNotContain("refuse");

      // What the former has signed can be revoked still.
      fleet.user("bert", "certificate: {generation: 2}");
      await().atMost(Fleet.BOUND).untilAsserted(() -> assertRefused(oldBert, second));
      connect(oldAnna, first).close();

      passOverlap();
      awaitBundle(second);
      await().atMost(Fleet.BOUND).untilAsserted(() -> assertRefused(oldAnna, second));
      connect(newAnna, second).close();
      assertThat(isServed(second)).isTrue();
      assertThat(isServed(first)).isFalse();
      assertThat(stays.mayPublish("up/carl")).as("a session that stands stays").isTrue();
      assertThat(authorities()).containsExactly("authority");
      assertThat(fleet.get(Secret.class, "fleet-ca").getData())
          .containsOnlyKeys("tls.crt", "tls.key", "own.crt", "own.key", "own-ca.crt");
    }
  }

  @Test
  void fromTheGeneratedOneAndBack() throws Exception {
    var brought = offer("/CN=Company CA", "ec -pkeyopt ec_paramgen_curve:P-384");
    serve(GENERATED);
    var generated = fleet.value("fleet-ca", "tls.crt");
    var old = pair("anna");
    ask(BROUGHT);
    awaitBundle(brought, generated);
    assertThat(isServed(generated)).isTrue();
    assertThat(isServed(brought)).isTrue();
    connect(old, generated).close();
    var between = pair("anna");
    ask(GENERATED);
    awaitBundle(generated, brought);
    assertThat(isServed(generated)).isTrue();
    assertThat(isServed(brought)).isTrue();
    connect(between, brought).close();
    connect(pair("anna"), generated).close();
    // A new operator knows it, too.
    operator.close();
    operator = API.operator(fleet.namespace(), clock);
    passOverlap();
    awaitBundle(generated);
    await().atMost(Fleet.BOUND).untilAsserted(() -> assertRefused(between, generated));
    connect(pair("anna"), generated).close();
  }

  @Test
  void withoutAnOverlapTheFormerOneIsOutAtOnce() throws Exception {
    var first = offer("/CN=Company CA", "ec -pkeyopt ec_paramgen_curve:P-256");
    serve("secretRef: {name: company-ca}, overlap: 0s");
    var old = pair("anna");
    var second = offer("/CN=Company CA 2", "ec -pkeyopt ec_paramgen_curve:P-256");
    awaitBundle(second);
    assertRefused(old, second);
    assertThat(isServed(first)).isFalse();
    connect(pair("anna"), second).close();
  }

  /** The first may not be followed by another below it: pathlen:0. */
  @Test
  void whoCannotVouchForTheNextOneIsSaidTo() throws Exception {
    var unused =
        run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Short -days 3650"
                + " -keyout ca.key -out ca.crt -addext basicConstraints=critical,CA:TRUE,pathlen:0"
                + " -addext keyUsage=critical,keyCertSign,cRLSign");
    var first = Files.readString(folder.resolve("ca.crt"));
    fleet.secret(
        "company-ca",
        Map.of(Labels.CREDENTIALS, "true"),
        Map.of("tls.crt", first, "tls.key", Files.readString(folder.resolve("ca.key"))));
    serve(BROUGHT);
    var old = pair("anna");
    var second = offer("/CN=Company CA 2", "ec -pkeyopt ec_paramgen_curve:P-256");
    awaitBundle(second, first);
    assertThat(isServed(first)).isFalse();
    connect(old, second).close();
    assertThat(warnings()).contains("clients that trust it alone refuse the broker already");
  }
}
