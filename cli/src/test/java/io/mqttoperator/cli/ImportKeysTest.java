package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Mosquitto with pre-shared keys, and what becomes of it. */
class ImportKeysTest {

  private static final String KEY = "00112233445566778899aabbccddeeff";
  private static final String HASH = "$7$101$" + "A".repeat(16) + "$" + "B".repeat(85) + "A==";
  private static final String LISTENER =
      "listener 8885\npsk_hint plant\nuse_identity_as_username true\n";

  @TempDir Path folder;

  @Test
  void aListenerAndItsKeysAreCarriedOver() throws IOException {
    Files.writeString(folder.resolve("passwords"), "bob:" + HASH + "\ncarl:" + HASH + "\n");
    Files.writeString(folder.resolve("acl"), "user alice\ntopic write up\n");
    var answer =
        read(
            "password_file passwords\nacl_file acl\npsk_file keys\nlistener 1883\n"
                + LISTENER
                + "ciphers PSK-AES128-CCM:ECDHE-PSK-CHACHA20-POLY1305\n",
            "alice:" + KEY.toUpperCase(java.util.Locale.ROOT) + "\nbob:" + KEY + "11\n");
    var listener = resource(answer, "MqttBroker", "mosquitto").at("/spec/listeners/1");
    assertThat(listener.path("authentication").asText()).isEqualTo("PreSharedKey");
    assertThat(listener.path("clientId").asText()).isEqualTo("Username");
    assertThat(listener.path("name").asText()).isEqualTo("mqtts");
    assertThat(listener.at("/tls/ciphers")).hasSize(2);
    assertThat(listener.at("/tls").has("enabled")).isFalse();
    assertThat(resource(answer, "MqttUser", "alice").at("/spec/preSharedKey"))
        .hasToString("{\"secretRef\":{\"name\":\"alice-key\"}}");
    assertThat(resource(answer, "MqttUser", "alice").at("/spec").has("password")).isFalse();
    assertThat(resource(answer, "MqttUser", "bob").at("/spec/preSharedKey/secretRef/name").asText())
        .isEqualTo("bob-key");
    assertThat(resource(answer, "MqttUser", "bob").at("/spec/password").has("secretRef")).isTrue();
    assertThat(resource(answer, "MqttUser", "carl").at("/spec").has("preSharedKey")).isFalse();
    assertThat(resource(answer, "Secret", "alice-key").at("/stringData/psk").asText())
        .isEqualTo(KEY);
    assertThat(resource(answer, "Secret", "alice-key").at("/metadata/labels").toString())
        .isEqualTo("{\"mqttoperator.io/credentials\":\"true\"}");
    assertThat(left(answer, "left out")).isEmpty();
    assertThat(left(answer, "changed"))
        .anyMatch(line -> line.contains("usernames become their client ids"));
    assertThat(Run.of("import", conf(), "--secrets", "without").out()).doesNotContain(KEY);
    var made = folder.resolve("made").toString();
    assertThat(Run.of("import", conf(), "-d", made).status()).isZero();
    assertThat(Run.of("check", made).out()).contains(" 0 errors");
  }

  @Test
  void aKeyThatIsNoneIsLeftOutOrMadeAnewAndNotSaid() throws IOException {
    var keys = "alice:" + KEY.substring(2) + "\nbob:no key\n" + "u".repeat(65) + ":" + KEY + "\n";
    var answer = read("psk_file keys\n" + LISTENER, keys);
    assertThat(resources(answer, "MqttUser")).isEmpty();
    assertThat(left(answer, "left out"))
        .anyMatch(line -> line.contains("the key has 30 hex digits, and may have 32 to 128"))
        .anyMatch(line -> line.contains("not an even number of hex digits"))
        .anyMatch(line -> line.contains("64 characters at most"))
        .noneMatch(line -> line.contains(KEY.substring(2)) || line.contains("no key"));
    var anew = json("--new-passwords");
    assertThat(resource(anew, "MqttUser", "alice").at("/spec/preSharedKey")).hasToString("{}");
    assertThat(resources(anew, "Secret")).isEmpty();
  }

  /** Where the identity is not the username, somebody else's name may have been given. */
  @Test
  void aListenerWhoseIdentityIsNotTheUsernameIsLeftOut() throws IOException {
    var answer =
        read("psk_file keys\nlistener 1883\nlistener 8885\npsk_hint x\n", "alice:" + KEY + "\n");
    assertThat(resource(answer, "MqttBroker", "mosquitto").at("/spec/listeners")).hasSize(1);
    assertThat(resources(answer, "MqttUser")).isEmpty();
    assertThat(left(answer, "left out"))
        .anyMatch(line -> line.contains("without use_identity_as_username"));
  }

  /** It let nobody in: see PreSharedKeyListenerTest. */
  @Test
  void aListenerForTls13BesideKeysIsLeftOut() throws IOException {
    var answer =
        read(
            "psk_file keys\nallow_anonymous true\nlistener 8883\ncertfile c\nkeyfile k\n"
                + "tls_version tlsv1.3\nlistener 8886\ncertfile c\nkeyfile k\n"
                + "ciphers_tls1.3 TLS_AES_128_GCM_SHA256\n"
                + LISTENER,
            "alice:" + KEY + "\n");
    var listeners = resource(answer, "MqttBroker", "mosquitto").at("/spec/listeners");
    assertThat(listeners).hasSize(2);
    assertThat(listeners.toString()).doesNotContain("cipherSuites", "minVersion");
    assertThat(left(answer, "left out")).anyMatch(line -> line.contains("TLS 1.3 alone"));
    assertThat(left(answer, "not needed")).anyMatch(line -> line.contains("ciphers_tls1.3"));
    var made = folder.resolve("made").toString();
    assertThat(Run.of("import", conf(), "-d", made).status()).isZero();
    assertThat(Run.of("check", made).out()).contains(" 0 errors");
  }

  private String conf() {
    return folder.resolve("mosquitto.conf").toString();
  }

  private JsonNode read(String configuration, String keys) throws IOException {
    Files.writeString(folder.resolve("mosquitto.conf"), configuration);
    Files.writeString(folder.resolve("keys"), keys);
    return json();
  }

  private JsonNode json(String... more) throws IOException {
    var arguments = Stream.concat(Stream.of("import", conf(), "-o", "json"), Stream.of(more));
    return new ObjectMapper().readTree(Run.of(arguments.toArray(String[]::new)).out());
  }

  private static List<JsonNode> resources(JsonNode answer, String kind) {
    return StreamSupport.stream(answer.path("resources").spliterator(), false)
        .filter(resource -> resource.path("kind").asText().equals(kind))
        .toList();
  }

  private static JsonNode resource(JsonNode answer, String kind, String name) {
    return resources(answer, kind).stream()
        .filter(resource -> resource.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** As {@code WHAT: WHY}. */
  private static List<String> left(JsonNode answer, String fate) {
    return StreamSupport.stream(answer.path("list").spliterator(), false)
        .filter(entry -> entry.path("fate").asText().equals(fate))
        .map(entry -> entry.path("what").asText() + ": " + entry.path("why").asText())
        .toList();
  }
}
