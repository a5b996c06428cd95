package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mosquitto knows one password for each name, however it is told two: decision 28. */
class TwoPasswordsTest {

  private static final String PLUGIN =
      "/usr/lib/x86_64-linux-gnu/mosquitto/mosquitto_password_file.so";

  private final MosquittoProcess mosquitto = new MosquittoProcess();
  private final int port = MosquittoProcess.freePort();

  @BeforeEach
  void makeFiles() {
    mosquitto.write("former", line("former")).write("next", line("next"));
  }

  @AfterEach
  void end() {
    mosquitto.close();
  }

  private static String line(String password) {
    var hash =
        PasswordHash.pbkdf2(password.getBytes(StandardCharsets.UTF_8), new byte[12], 101).value();
    return "anna:" + hash + "\n";
  }

  private void start(String access) {
    mosquitto
        .write(
            "mosquitto.conf",
            "user root\nlog_dest stdout\nallow_anonymous false\nlistener %d 127.0.0.1\n%s"
                .formatted(port, access))
        .start();
  }

  private void connect(String password) {
    var client =
        MqttClient.builder()
            .useMqttVersion5()
            .serverHost("127.0.0.1")
            .serverPort(port)
            .simpleAuth()
            .username("anna")
            .password(password.getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth()
            .buildBlocking();
    var unused = client.connect();
    client.disconnect();
  }

  @Test
  void aFileWithTwoLinesOfANameIsRefusedWhole() {
    mosquitto.write("both", line("former") + line("next"));
    assertThatThrownBy(() -> start("password_file " + mosquitto.inside("both") + "\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Duplicate user 'anna'");
  }

  /** The first that knows the name decides. */
  @Test
  void aSecondFileBesideTheFirstIsNotAsked() {
    start(plugin("former") + plugin("next"));
    assertThatCode(() -> connect("former")).doesNotThrowAnyException();
    assertThatThrownBy(() -> connect("next")).isInstanceOf(Mqtt5ConnAckException.class);
    assertThat(mosquitto.log()).contains("password-file");
  }

  private String plugin(String file) {
    return "plugin %s\nplugin_opt_password_file %s\n".formatted(PLUGIN, mosquitto.inside(file));
  }
}
