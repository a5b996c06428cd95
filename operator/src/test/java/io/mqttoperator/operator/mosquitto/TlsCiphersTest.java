package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.api.TlsCiphers;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every cipher that a listener may be narrowed to, with a real Mosquitto and openssl's client. */
class TlsCiphersTest {

  static final List<String> CIPHERS = TlsCiphers.WITH_CERTIFICATE;
  static final List<String> SUITES = TlsCiphers.SUITES;

  private static final Map<String, Integer> PORTS = new HashMap<>();

  private static MosquittoProcess mosquitto;

  @BeforeAll
  static void start() throws Exception {
    mosquitto = new MosquittoProcess();
    certificate("ec", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    certificate("rsa", "-newkey", "rsa:2048");
    var lines = new StringBuilder("user root\nlog_dest stdout\nallow_anonymous true\n");
    for (var cipher : CIPHERS) {
      lines.append(listener(cipher, new TlsSettings(false, List.of(cipher), List.of())));
    }
    for (var suite : SUITES) {
      lines.append(listener(suite, new TlsSettings(false, List.of(), List.of(suite))));
    }
    mosquitto.write("mosquitto.conf", lines.toString());
    mosquitto.start();
  }

  @AfterAll
  static void stop() {
    mosquitto.close();
  }

  private static void certificate(String name, String... key) throws Exception {
    var command = new java.util.ArrayList<>(List.of("openssl", "req", "-x509", "-noenc"));
    command.addAll(List.of(key));
    command.addAll(
        List.of("-subj", "/CN=x", "-days", "1", "-keyout", name + ".key", "-out", name + ".crt"));
    assertThat(run(command)).isNotNull();
  }

  private static String listener(String cipher, TlsSettings settings) {
    var key = cipher.startsWith("ECDHE-ECDSA-") || cipher.startsWith("TLS_") ? "ec" : "rsa";
    return listener(cipher, key, settings);
  }

  private static String listener(String cipher, String key, TlsSettings settings) {
    int port = MosquittoProcess.freePort();
    PORTS.put(cipher, port);
    return "listener %d 127.0.0.1\ncertfile %s\nkeyfile %s\ntls_version tlsv1.2\n%s\n"
        .formatted(
            port,
            mosquitto.inside(key + ".crt"),
            mosquitto.inside(key + ".key"),
            String.join("\n", settings.lines()));
  }

  @ParameterizedTest
  @FieldSource("CIPHERS")
  void aCipherIsUsed(String cipher) throws Exception {
    assertThat(handshake(cipher, "-tls1_2", "-cipher", "ALL"))
        .contains("Cipher is " + cipher + "\n");
  }

  @ParameterizedTest
  @FieldSource("SUITES")
  void aSuiteIsUsed(String suite) throws Exception {
    assertThat(handshake(suite, "-tls1_3", "-ciphersuites", String.join(":", SUITES)))
        .contains("Cipher is " + suite + "\n");
  }

  /** Why names are of a closed set. */
  @ParameterizedTest
  @ValueSource(strings = {"NO-SUCH-CIPHER", "RC4-SHA", "DES-CBC3-SHA"})
  void mosquittoDoesNotStartWithANameThatOpensslDoesNotKnow(String cipher) {
    try (var mosquitto = new MosquittoProcess()) {
      mosquitto.write(
          "mosquitto.conf",
          "user root\nlog_dest stdout\nallow_anonymous true\n"
              + listener("unknown", "ec", new TlsSettings(false, List.of(cipher), List.of())));
      assertThatThrownBy(mosquitto::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("mosquitto ended at its start");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@SECLEVEL=0", "!AES", "A:B", "A B", "a", "A\nallow_anonymous true"})
  void whatIsNoNameIsRefused(String name) {
    for (var settings : List.of(List.of(name), List.of("AES128-SHA", name))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TlsSettings(false, settings, List.of()));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TlsSettings(false, List.of(), settings));
    }
  }

  /** A reload takes none of them, so they belong to what a start takes. */
  @Test
  void anotherChoiceIsAnotherStart() {
    var own = new TlsSettings(true, List.of(), List.of());
    assertThat(own.atStart()).isEqualTo(TlsSettings.DEFAULT);
    var narrow = new TlsSettings(false, List.of("AES128-SHA"), List.of("TLS_AES_128_GCM_SHA256"));
    assertThat(narrow.atStart()).isEqualTo(narrow);
  }

  private static String handshake(String cipher, String... options) throws Exception {
    var command = new java.util.ArrayList<>(List.of("openssl", "s_client"));
    command.addAll(List.of("-connect", "127.0.0.1:" + PORTS.get(cipher)));
    command.addAll(List.of(options));
    return run(command);
  }

  private static String run(List<String> command) throws Exception {
    var process =
        new ProcessBuilder(command)
            .directory(mosquitto.directory().toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
