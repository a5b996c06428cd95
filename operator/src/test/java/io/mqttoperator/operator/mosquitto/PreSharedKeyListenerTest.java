package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.mqttoperator.api.TlsCiphers;
import io.mqttoperator.operator.testing.KeyConnection;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Mosquitto makes of listeners of pre-shared keys as they are rendered, with clients that are
 * not ours: mosquitto_pub, and openssl.
 */
class PreSharedKeyListenerTest {

  static final List<String> CIPHERS = TlsCiphers.WITH_KEY;

  private static final String KEY = "00112233445566778899aabbccddeeff";
  private static final String OTHER = "ffeeddccbbaa99887766554433221100";
  private static final Map<String, Integer> PORTS = new HashMap<>();
  private static final TlsSettings DEFAULTS =
      new TlsSettings(false, TlsCiphers.WITH_KEY_FORWARD_SECRET, List.of());

  private static MosquittoProcess mosquitto;

  @BeforeAll
  static void start() {
    mosquitto = new MosquittoProcess();
    mosquitto.write("psk", "anna:" + KEY + "\nbert:" + OTHER + "\n");
    mosquitto.write("acl", "user anna\ntopic readwrite up/anna\n");
    var lines =
        new StringBuilder(
            "user root\nlog_dest stdout\nallow_anonymous false\npsk_file %s\nacl_file %s\n"
                .formatted(mosquitto.inside("psk"), mosquitto.inside("acl")));
    lines.append(listener("default", DEFAULTS));
    for (var cipher : CIPHERS) {
      lines.append(listener(cipher, new TlsSettings(false, List.of(cipher), List.of())));
    }
    mosquitto.write("mosquitto.conf", lines.toString());
    mosquitto.start();
  }

  @AfterAll
  static void stop() {
    mosquitto.close();
  }

  private static ListenerConfiguration configuration(int port, TlsSettings tls) {
    return new ListenerConfiguration(
        "tiny",
        port,
        ListenerProtocol.MQTT,
        Encryption.TLS_1_2,
        ClientAuthentication.PRE_SHARED_KEY,
        true,
        100,
        ProxyHeader.NONE,
        tls);
  }

  /** The lines of the operator's own, on the loopback interface alone. */
  private static String listener(String name, TlsSettings tls) {
    int port = MosquittoProcess.freePort();
    PORTS.put(name, port);
    return String.join("\n", ConfigurationLines.of(configuration(port, tls), BrokerOptions.NONE))
            .replace("listener " + port, "listener " + port + " 127.0.0.1")
        + "\n";
  }

  private static int port(String name) {
    return java.util.Objects.requireNonNull(PORTS.get(name));
  }

  @ParameterizedTest
  @FieldSource("CIPHERS")
  void aCipherIsUsed(String cipher) throws Exception {
    assertThat(handshake(cipher, "-tls1_2", "-cipher", "ALL:COMPLEMENTOFALL"))
        .contains("Cipher is " + cipher + "\n");
  }

  @Test
  void byDefaultEachConnectionHasAFreshKey() throws Exception {
    assertThat(handshake("default")).contains("Cipher is ECDHE-PSK-CHACHA20-POLY1305\n");
    assertThat(handshake("default", "-cipher", "PSK-AES128-GCM-SHA256:PSK-AES256-CBC-SHA384"))
        .contains("handshake failure");
    assertThat(TlsCiphers.WITH_KEY_FORWARD_SECRET)
        .allMatch(cipher -> cipher.startsWith("ECDHE-PSK-") || cipher.startsWith("DHE-PSK-"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_1"})
  void anotherVersionOfTlsIsRefused(String version) throws Exception {
    assertThat(handshake("default", version, "-cipher", "ALL:@SECLEVEL=0"))
        .contains("alert protocol version");
  }

  @Test
  void mosquittosOwnClientIsLetInWithItsKeyAlone() {
    assertThat(publish("anna", KEY)).contains("PUBACK").doesNotContain("RC:135");
    assertThat(publish("bert", OTHER)).contains("RC:135");
    assertThat(publish("anna", OTHER)).doesNotContain("CONNACK");
    assertThat(publish("nobody", KEY)).doesNotContain("CONNACK");
  }

  /** Why none beside it can be for TLS 1.3, the operator's own neither. */
  @Test
  void noListenerSpeaksTls13WhereThereIsAFileOfKeys() throws Exception {
    run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-noenc",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-subj",
            "/CN=x",
            "-days",
            "1",
            "-keyout",
            mosquitto.directory() + "/key",
            "-out",
            mosquitto.directory() + "/crt"));
    try (var other = new MosquittoProcess()) {
      int port = MosquittoProcess.freePort();
      var lines =
          "user root\nlog_dest stdout\nlistener %d 127.0.0.1\ncertfile %s\nkeyfile %s\n"
              .formatted(port, mosquitto.inside("crt"), mosquitto.inside("key"));
      other.write("mosquitto.conf", lines);
      other.start();
      var command = List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port);
      assertThat(run(command)).contains("New, TLSv1.3,");
      other.stop();
      other.write("mosquitto.conf", "psk_file " + mosquitto.inside("psk") + "\n" + lines);
      other.start();
      assertThat(run(command)).contains("New, TLSv1.2,");
    }
  }

  /** Its name would be ignored, as its password. */
  @Test
  void theIdentityIsTheUsernameWhateverElseIsGiven() {
    assertThat(publish("bert", OTHER, "-u", "anna", "-P", "x")).contains("RC:135");
    assertThat(publish("anna", KEY, "-u", "bert", "-P", "x"))
        .contains("PUBACK")
        .doesNotContain("RC:135");
  }

  /** Why sessions are ended by taking them over. */
  @Test
  void aReloadTakesAKeyAwayButNotTheSession() {
    mosquitto.write("psk", "anna:" + KEY + "\nbert:" + OTHER + "\ncarl:" + KEY + "\n");
    reload();
    try (var session = new KeyConnection("127.0.0.1", port("default"), "carl", KEY)) {
      mosquitto.write("psk", "anna:" + KEY + "\nbert:" + OTHER + "\n");
      reload();
      assertThat(publish("carl", KEY)).doesNotContain("CONNACK");
      assertThat(session.mayPublish("up/anna")).isFalse();
      assertThat(session.ended()).isNotDone();
    }
  }

  private static void reload() {
    int before = mosquitto.log().split("Reloading config", -1).length;
    mosquitto.reload();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> mosquitto.log().split("Reloading config", -1).length > before);
  }

  @Test
  void whatMosquittoWouldNotTakeIsNotRendered() {
    assertThatIllegalArgumentException().isThrownBy(() -> configuration(1024, TlsSettings.DEFAULT));
    for (var tls :
        List.of(
            new TlsSettings(true, TlsCiphers.WITH_KEY, List.of()),
            new TlsSettings(false, TlsCiphers.WITH_KEY, List.of("TLS_AES_128_GCM_SHA256")),
            new TlsSettings(false, List.of("PSK-AES128-CCM", "AES128-SHA"), List.of()))) {
      assertThatIllegalArgumentException().isThrownBy(() -> configuration(1024, tls));
    }
  }

  private static String publish(String identity, String key, String... more) {
    var command = new ArrayList<>(List.of("mosquitto_pub", "-V", "5", "-d", "-h", "127.0.0.1"));
    command.addAll(List.of("-p", Integer.toString(port("default")), "-t", "up/anna", "-m", "x"));
    command.addAll(List.of("-q", "1", "--psk-identity", identity, "--psk", key));
    command.addAll(List.of(more));
    var line = new ArrayList<>(List.of("chroot", MosquittoProcess.rootfs().toString()));
    line.addAll(command);
    return run(line);
  }

  private static String handshake(String listener, String... options) throws Exception {
    var command = new ArrayList<>(List.of("openssl", "s_client"));
    command.addAll(List.of("-connect", "127.0.0.1:" + port(listener)));
    command.addAll(List.of("-psk_identity", "anna", "-psk", KEY));
    command.addAll(List.of(options));
    return run(command);
  }

  private static String run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
