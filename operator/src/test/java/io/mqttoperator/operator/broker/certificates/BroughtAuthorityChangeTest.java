package io.mqttoperator.operator.broker.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.Command;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  private static final String READY = "Ready=True:Enforced";
  private static final Duration OVERLAP = Duration.ofMinutes(2);
  private static final String BROUGHT = "secretRef: {name: company-ca}, overlap: 2m";
  private static final String GENERATED = "overlap: 2m";

  @TempDir Path folder;

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock(Duration.ZERO);
  private RunningOperator operator = API.operator(fleet.namespace(), clock);

  @SuppressWarnings("NullAway.Init") // each test begins with serve
  private TrustingDevices devices;

  private void serve(String authority) {
    ask(authority);
    fleet.user("anna", "certificate: {}");
    fleet.user("bert", "certificate: {}");
    fleet.user("carl", "certificate: {}");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
    devices = new TrustingDevices(fleet, fleet.serve(), folder);
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
    fleet.awaitCondition(MqttUser.class, "carl", READY);
  }

  @AfterEach
  void close() {
    operator.close();
    devices.pod().close();
  }

  private void ask(String authority) {
    TrustingDevices.broker(fleet, authority);
  }

  /** Makes a root by openssl and offers it; answers its certificate. */
  private String offer(String subject, String key) throws Exception {
    var unused =
        openssl(
            "req -x509 -newkey %s -nodes -subj '%s' -days 3650 -keyout ca.key -out ca.crt"
                    .formatted(key, subject)
                + " -addext keyUsage=critical,keyCertSign,cRLSign");
    var certificate = Files.readString(folder.resolve("ca.crt"));
    fleet.secret(
        "company-ca",
        Map.of(Labels.CREDENTIALS, "true"),
        Map.of("tls.crt", certificate, "tls.key", Files.readString(folder.resolve("ca.key"))));
    return certificate;
  }

  private String openssl(String arguments) {
    return Command.run(folder, List.of("sh", "-c", "openssl " + arguments));
  }

  private void awaitBundle(String... certificates) {
    var all = String.join("", certificates);
    await()
        .atMost(Fleet.BOUND)
        .untilAsserted(
            () -> {
              assertThat(devices.bundle()).isEqualTo(all);
              assertThat(devices.pod().file("clients-ca.crt")).isEqualTo(all);
            });
    fleet.awaitCondition(MqttUser.class, "anna", READY);
    fleet.awaitCondition(MqttUser.class, "bert", READY);
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
    var oldAnna = devices.pair("anna");
    var oldBert = devices.pair("bert");
    try (var stays = devices.connect(devices.pair("carl"), first)) {
      var second =
          offer("/O=Company/OU=Things/CN=Company CA", "ec -pkeyopt ec_paramgen_curve:P-256");
      awaitBundle(second, first);
      assertThat(devices.isServed(first)).as("to who trusts the former alone").isTrue();
      assertThat(devices.isServed(second)).as("to who trusts the new one alone").isTrue();
      var newAnna = devices.pair("anna");
      assertThat(newAnna.serialHex()).isNotEqualTo(oldAnna.serialHex());
      devices.connect(oldAnna, first).close();
      devices.connect(oldAnna, second).close();
      devices.connect(newAnna, first).close();
      devices.connect(newAnna, second).close();
      assertThat(authorities()).containsExactly("authority", "authority-former");
      assertThat(warnings()).contains("the former one is trusted until").doesNotContain("refuse");

      // What the former has signed can be revoked still.
      fleet.user("bert", "certificate: {generation: 2}");
      await().atMost(Fleet.BOUND).untilAsserted(() -> devices.assertRefused(oldBert, second));
      devices.connect(oldAnna, first).close();

      passOverlap();
      awaitBundle(second);
      await().atMost(Fleet.BOUND).untilAsserted(() -> devices.assertRefused(oldAnna, second));
      devices.connect(newAnna, second).close();
      assertThat(devices.isServed(second)).isTrue();
      assertThat(devices.isServed(first)).isFalse();
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
    var old = devices.pair("anna");
    ask(BROUGHT);
    awaitBundle(brought, generated);
    assertThat(devices.isServed(generated)).isTrue();
    assertThat(devices.isServed(brought)).isTrue();
    devices.connect(old, generated).close();
    var between = devices.pair("anna");
    ask(GENERATED);
    awaitBundle(generated, brought);
    assertThat(devices.isServed(generated)).isTrue();
    assertThat(devices.isServed(brought)).isTrue();
    devices.connect(between, brought).close();
    devices.connect(devices.pair("anna"), generated).close();
    // A new operator knows it, too.
    operator.close();
    operator = API.operator(fleet.namespace(), clock);
    passOverlap();
    awaitBundle(generated);
    await().atMost(Fleet.BOUND).untilAsserted(() -> devices.assertRefused(between, generated));
    devices.connect(devices.pair("anna"), generated).close();
  }

  @Test
  void withoutAnOverlapTheFormerOneIsOutAtOnce() throws Exception {
    var first = offer("/CN=Company CA", "ec -pkeyopt ec_paramgen_curve:P-256");
    serve("secretRef: {name: company-ca}, overlap: 0s");
    var old = devices.pair("anna");
    var second = offer("/CN=Company CA 2", "ec -pkeyopt ec_paramgen_curve:P-256");
    awaitBundle(second);
    devices.assertRefused(old, second);
    assertThat(devices.isServed(first)).isFalse();
    devices.connect(devices.pair("anna"), second).close();
  }

  /** The first may not be followed by another below it: pathlen:0. */
  @Test
  void whoCannotVouchForTheNextOneIsSaidTo() throws Exception {
    var unused =
        openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Short -days 3650"
                + " -keyout ca.key -out ca.crt -addext basicConstraints=critical,CA:TRUE,pathlen:0"
                + " -addext keyUsage=critical,keyCertSign,cRLSign");
    var first = Files.readString(folder.resolve("ca.crt"));
    fleet.secret(
        "company-ca",
        Map.of(Labels.CREDENTIALS, "true"),
        Map.of("tls.crt", first, "tls.key", Files.readString(folder.resolve("ca.key"))));
    serve(BROUGHT);
    var old = devices.pair("anna");
    var second = offer("/CN=Company CA 2", "ec -pkeyopt ec_paramgen_curve:P-256");
    awaitBundle(second, first);
    assertThat(devices.isServed(first)).isFalse();
    devices.connect(old, second).close();
    assertThat(warnings()).contains("clients that trust it alone refuse the broker already");
  }
}
