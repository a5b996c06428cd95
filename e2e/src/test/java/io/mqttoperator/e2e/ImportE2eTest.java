package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of a Mosquitto, imported, checked and applied: its clients log in with the passwords
 * that they have, and may do what they might.
 */
@OnCluster
final class ImportE2eTest {

  private static final Path PLUGIN = Path.of("../cli/target/kubectl-mqtt").toAbsolutePath();

  private static final String PASSWORD = "as it was";
  private static final int WEBSOCKETS = 80;

  private static final String CONFIGURATION =
      """
      password_file passwords
      acl_file acl
      allow_anonymous false
      listener 8883
      certfile server.crt
      keyfile server.key
      listener 80
      protocol websockets
      """;

  private static final String ACL =
      """
      user gate.keeper
      topic readwrite gates/#
      topic deny gates/secret/#
      user Reader
      topic read #
      pattern readwrite devices/%u/#
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final Path folder;

  ImportE2eTest(Cluster cluster, @TempDir Path folder) {
    this.cluster = cluster;
    this.broker = cluster.broker("old");
    this.folder = folder;
  }

  @BeforeAll
  void moveIn() throws IOException {
    Files.writeString(folder.resolve("mosquitto.conf"), CONFIGURATION);
    Files.writeString(folder.resolve("acl"), ACL);
    Files.writeString(
        folder.resolve("passwords"),
        "gate.keeper:%s\nReader:%s\n".formatted(hash(12, 101), hash(64, 1000)));
    var made = folder.resolve("made").toString();
    run("import", folder.resolve("mosquitto.conf") + "", "--broker", "old", "-d", made).orFail();
    assertThat(run("check", made, "--against-cluster").orFail()).contains("0 errors");
    cluster.kubectl().run("apply", "-f", made).orFail();
    cluster.awaitReady("MqttBroker", "old", Cluster.START_LIMIT);
    for (var user : List.of("gate.keeper", "reader")) {
      cluster.awaitReady("MqttUser", user, Cluster.START_LIMIT);
    }
  }

  @Test
  void clientsLogInWithThePasswordsThatTheyHave() {
    try (var keeper = client("gate.keeper").connect();
        var reader = client("Reader").clientId("of its own choice").connect()) {
      reader.subscribe("#");
      assertThat(keeper.publish("gates/1", "open")).isNotEqualTo(Refused.V5_NOT_AUTHORIZED);
      assertThat(keeper.publish("gates/secret/1", "open")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      assertThat(keeper.publish("devices/gate.keeper/x", ""))
          .isNotEqualTo(Refused.V5_NOT_AUTHORIZED);
      assertThat(keeper.publish("devices/Reader/x", "")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      assertThat(reader.publish("gates/1", "open")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
      Awaitility.await("what it may read")
          .atMost(Cluster.APPLY_LIMIT)
          .untilAsserted(
              () ->
                  assertThat(reader.received())
                      .extracting(Message::topic)
                      .contains("gates/1", "devices/gate.keeper/x"));
    }
  }

  @Test
  void anotherPasswordIsRefused() {
    var wrong = client("Reader").login(new Login("Reader", "another"));
    assertThatExceptionOfType(Refused.class).isThrownBy(wrong::connect);
  }

  @Test
  void theServiceHasThePortThatAPodMayNotHave() {
    var web = Client.withoutTls(broker.service(WEBSOCKETS)).overWebsockets();
    try (var session = web.login(new Login("Reader", PASSWORD)).connect()) {
      assertThat(session.publish("devices/Reader/x", "")).isNotEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
  }

  private Client client(String user) {
    return Client.at(broker.service(Broker.DEFAULT_PORT), broker.trust())
        .login(new Login(user, PASSWORD));
  }

  private Kubectl.Result run(String... arguments) {
    var command = new ArrayList<>(List.of(PLUGIN.toString()));
    command.addAll(List.of(arguments));
    if (List.of(arguments).contains("--against-cluster")) {
      command.addAll(List.of("--namespace", cluster.namespace()));
    }
    return Kubectl.run(cluster.kubeconfig(), command, "");
  }

  /** As {@code mosquitto_passwd -H sha512-pbkdf2} writes it: 12 bytes of salt in 2.0, 64 in 2.1. */
  private static String hash(int saltBytes, int iterations) {
    try {
      var salt = new byte[saltBytes];
      var spec = new PBEKeySpec(PASSWORD.toCharArray(), salt, iterations, 512);
      var hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec);
      var base64 = Base64.getEncoder();
      return "$7$%d$%s$%s"
          .formatted(
              iterations, base64.encodeToString(salt), base64.encodeToString(hash.getEncoded()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
