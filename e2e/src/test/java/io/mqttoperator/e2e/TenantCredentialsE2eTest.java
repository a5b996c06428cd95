package io.mqttoperator.e2e;

import static io.mqttoperator.e2e.TenantAttacker.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each kind of credential as a way for a tenant to be somebody else on a broker: refused with a
 * reason, and not let in.
 */
@OnCluster
final class TenantCredentialsE2eTest {

  private static final int DEVICES = 8886;
  private static final int TINY = 8885;
  private static final String LISTENERS =
      "listeners: [{name: mqtts, port: 8883}, {name: tiny, port: 8885, authentication: PreSharedKey},"
          + " {name: devices, port: 8886, authentication: Certificate}]";
  private static final String OWNERS = "ffeeddccbbaa99887766554433221100";
  private static final String CHOSEN = "00112233445566778899aabbccddeeff";

  private final Cluster home;
  private final Cluster tenant;
  private final Broker broker;
  private final TenantAttacker attacker;

  TenantCredentialsE2eTest(Cluster home) {
    this.home = home;
    broker = home.broker("fleet");
    attacker = TenantAttacker.at(home, "topics: ['#']", LISTENERS);
    tenant = attacker.tenant();
    home.applyAndAwait(
        in(home, "MqttUser", "watcher", "password: {}, certificate: {}, preSharedKey: {}")
            + offered("owners", "psk: \"" + OWNERS + "\"")
            + in(home, "MqttUser", "holder", "preSharedKey: {secretRef: {name: owners}}"));
    attacker.apply(
        in(home, "MqttUser", "meter", "password: {}, preSharedKey: {}")
            + in(
                home,
                "MqttAcl",
                "own",
                "subjects: [{allUsers: true}], rules: [{topics: ['up/{username}'], access: [Publish]}]"));
    tenant.awaitReady("mqu", "meter", Cluster.APPLY_LIMIT);
    tenant.awaitReady("mqa", "own", Cluster.APPLY_LIMIT);
  }

  @AfterEach
  void everybodyElseIsLetInAsBefore() {
    tenant.delete("mqu", "thief");
    broker.client("watcher").connect().close();
    broker.client("watcher").login(Login.of(tenant.secret("meter-mqtt"))).connect().close();
  }

  @AfterAll
  void deleteTheTenant() {
    try (tenant) {
      tenant.deleteNamespace();
    }
  }

  private static String offered(String name, String values) {
    return """
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, labels: {mqttoperator.io/credentials: "true"}}
    stringData: {%s}
    """
        .formatted(name, values);
  }

  private void attack(String spec) {
    attacker.apply(in(home, "MqttUser", "thief", spec));
  }

  private String refused(String reason) {
    return tenant.awaitCondition("mqu", "thief", "Accepted", "False", reason).message();
  }

  private boolean hasSecret(String name) {
    return tenant.client().secrets().inNamespace(tenant.namespace()).withName(name).get() != null;
  }

  private String meter() {
    return tenant.namespace() + ".meter";
  }

  private void assertNoPassword(String username, String password) {
    var client = broker.client("watcher").login(new Login(username, password));
    assertThatExceptionOfType(Refused.class).isThrownBy(client::connect);
  }

  private void assertNoKey(String identity, String key) {
    try (var tunnel = TlsTunnel.withKey(broker.service(TINY), identity, key)) {
      assertThatExceptionOfType(Refused.class).isThrownBy(() -> tunnel.client().connect().close());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"watcher", "$mqtt-operator-x", "other.meter"})
  void aSecretNamesNobodyOutsideTheNamespace(String name) {
    attacker.apply(offered("login", "username: \"%s\", password: chosen".formatted(name)));
    attack("password: {secretRef: {name: login, usernameKey: username}}");
    assertThat(refused("Invalid")).contains("Secret login, key username").doesNotContain(name);
    assertNoPassword(name, "chosen");
  }

  @Test
  void aSecretNamesNobodyWhoHasTheNameAlready() {
    attacker.apply(offered("login", "username: %s, password: chosen".formatted(meter())));
    attack("password: {secretRef: {name: login, usernameKey: username}}");
    assertThat(refused("UsernameConflict")).contains("MqttUser meter");
    assertNoPassword(meter(), "chosen");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/CN=watcher", "/CN=$mqtt-operator-x", "/CN=TENANT.thief/CN=watcher"})
  void aRequestAsksForNoOthersName(String subject) throws Exception {
    try (var openssl = new OpenSsl(Map.of())) {
      attack("certificate: {csr: %s}".formatted(request(openssl, subject)));
      assertThat(refused("InvalidCertificate")).contains("asks for another name");
    }
    // That of the thief before it is collected a moment after it.
    Awaitility.await("no Secret for the thief")
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> !hasSecret("thief-mqtt"));
    var forged = KeyMaterial.factory(KeyMaterial.selfSigned("watcher"));
    var device = Client.at(broker.service(DEVICES), broker.trust()).keys(forged);
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> device.connect().close());
  }

  /** Other parts of the name, as a request may ask for them, make nobody somebody else. */
  @Test
  void aRequestGetsTheUsersOwnNameAndNoOther() throws Exception {
    try (var openssl = new OpenSsl(Map.of())) {
      attack("certificate: {csr: %s}".formatted(request(openssl, "/O=watcher/UID=watcher")));
      tenant.awaitReady("mqu", "thief", Cluster.APPLY_LIMIT);
      var shown =
          KeyMaterial.factory(
              Map.of(
                  "tls.key", openssl.file("key.pem"),
                  "tls.crt", Objects.requireNonNull(tenant.secret("thief-mqtt").get("tls.crt"))));
      try (var thief = Client.at(broker.service(DEVICES), broker.trust()).keys(shown).connect()) {
        assertThat(thief.publish("up/" + tenant.namespace() + ".thief", "x")).isLessThan(0x80);
        assertThat(thief.publish("up/watcher", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      }
    }
  }

  /** A JSON string, which is YAML too. */
  private String request(OpenSsl openssl, String subject) {
    var made =
        openssl.run(
            "req",
            "-new",
            "-noenc",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-subj",
            subject.replace("TENANT", tenant.namespace()),
            "-keyout",
            "key.pem",
            "-out",
            "request.pem");
    assertThat(made.succeeded()).as(made.output()).isTrue();
    var pem = new String(openssl.file("request.pem"), StandardCharsets.US_ASCII);
    return '"' + pem.replace("\n", "\\n") + '"';
  }

  @Test
  void anothersSecretIsNoPreSharedKey() {
    attack("preSharedKey: {secretRef: {name: owners}}");
    assertThat(refused("SecretNotFound")).contains("no Secret owners in this namespace");
    assertNoKey(tenant.namespace() + ".thief", OWNERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet-ca", "fleet-operator", "fleet-files-0", "meter-mqtt"})
  void anothersSecretIsNotWritten(String name) {
    attack("password: {}, secret: {name: %s}".formatted(name));
    assertThat(refused("NameTaken")).contains("spec.secret.name").contains(name);
    assertThat(hasSecret(name)).isEqualTo(name.equals("meter-mqtt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"watcher", "holder", "other.meter", "TENANT.meter"})
  void noIdentityIsAnothers(String template) {
    var identity = template.replace("TENANT", tenant.namespace());
    attacker.apply(offered("key", "psk: \"" + CHOSEN + "\""));
    attack("username: %s, preSharedKey: {secretRef: {name: key}}".formatted(identity));
    assertThat(refused(identity.equals(meter()) ? "UsernameConflict" : "Invalid")).isNotEmpty();
    assertNoKey(identity, CHOSEN);
  }
}
