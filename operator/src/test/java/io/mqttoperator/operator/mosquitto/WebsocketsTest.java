package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttoperator.operator.testing.MosquittoProcess;
import io.mqttoperator.operator.testing.OpensslAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener of MQTT over WebSockets, as it is rendered, and a client that we did not write. */
class WebsocketsTest {
  private static final String NAME = "broker.example";
  private static final int LIMIT = 3;
  private static final MosquittoProcess MOSQUITTO = new MosquittoProcess();
  private static final int PLAIN = MosquittoProcess.freePort();
  private static final int TLS = MosquittoProcess.freePort();
  private static final int MQTT = MosquittoProcess.freePort();

  @TempDir static Path directory;
  private static OpensslAuthority authority;

  @BeforeAll
  static void start() {
    authority = new OpensslAuthority(directory, "devices");
    var server = authority.server(NAME);
    MOSQUITTO.write(RevisionFiles.SERVER_CERTIFICATE, server.certificatePem());
    MOSQUITTO.write(RevisionFiles.SERVER_KEY, server.keyPem());
    MOSQUITTO.run("mosquitto_passwd", "-b", "-c", MOSQUITTO.inside("passwords"), "alice", "secret");
    MOSQUITTO.write("mosquitto.conf", configuration());
    MOSQUITTO.start();
  }

  @AfterAll
  static void stop() {
    MOSQUITTO.close();
  }

  private static String configuration() {
    var lines = new StringBuilder("user root\nlog_dest stdout\nallow_anonymous false\n");
    lines.append("password_file ").append(MOSQUITTO.inside("passwords"));
    for (var listener :
        List.of(
            listener("ws", PLAIN, ListenerProtocol.WEBSOCKETS, Encryption.NONE),
            listener("wss", TLS, ListenerProtocol.WEBSOCKETS, Encryption.TLS_1_3),
            listener("mqtt", MQTT, ListenerProtocol.MQTT, Encryption.NONE))) {
      lines
          .append('\n')
          .append(text(TextFile.render(ConfigurationLines.of(listener, BrokerOptions.NONE))));
    }
    return lines
        .toString()
        .replace(RevisionFiles.DIRECTORY_PLACEHOLDER, MOSQUITTO.inside("").replaceAll("/$", ""));
  }

  private static ListenerConfiguration listener(
      String name, int port, ListenerProtocol protocol, Encryption encryption) {
    return new ListenerConfiguration(
        name,
        port,
        protocol,
        encryption,
        ClientAuthentication.PASSWORD,
        false,
        LIMIT,
        ProxyHeader.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mqtt", "some/path"})
  void carryMessagesBothWaysAtAnyPath(String path) throws InterruptedException {
    var plain = client(PLAIN, websockets(path), false);
    var encrypted = client(TLS, websockets(path), true);
    var direct = client(MQTT, null, false);
    for (var pair :
        List.of(List.of(plain, encrypted), List.of(encrypted, direct), List.of(direct, plain))) {
      assertThat(carried(pair.getFirst(), pair.getLast())).isEqualTo("21.5");
    }
  }

  @Test
  void holdTheirConnectionLimit() {
    var clients =
        Stream.generate(() -> client(PLAIN, websockets("mqtt"), false)).limit(LIMIT).toList();
    clients.forEach(WebsocketsTest::login);
    var another = client(PLAIN, websockets("mqtt"), false);
    assertThatThrownBy(() -> login(another)).isInstanceOf(ConnectionFailedException.class);
    clients.forEach(Mqtt5BlockingClient::disconnect);
  }

  @Test
  void refuseAWrongPasswordAndAClientOfMqttAlone() {
    var wrong = client(PLAIN, websockets("mqtt"), false);
    assertThatThrownBy(
            () ->
                wrong
                    .connectWith()
                    .simpleAuth()
                    .username("alice")
                    .password(Samples.utf8("wrong"))
                    .applySimpleAuth()
                    .send())
        .isInstanceOf(Mqtt5ConnAckException.class);
    var bare = client(PLAIN, null, false);
    assertThatThrownBy(() -> login(bare)).isInstanceOf(RuntimeException.class);
  }

  private static String carried(Mqtt5BlockingClient sender, Mqtt5BlockingClient receiver)
      throws InterruptedException {
    login(receiver);
    login(sender);
    try (var received = receiver.publishes(MqttGlobalPublishFilter.ALL)) {
      receiver.subscribeWith().topicFilter("t").qos(MqttQos.AT_LEAST_ONCE).send();
      sender.publish(
          Mqtt5Publish.builder()
              .topic("t")
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload(Samples.utf8("21.5"))
              .build());
      return text(received.receive(10, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes());
    } finally {
      sender.disconnect();
      receiver.disconnect();
    }
  }

  private static void login(Mqtt5BlockingClient client) {
    client
        .connectWith()
        .simpleAuth()
        .username("alice")
        .password(Samples.utf8("secret"))
        .applySimpleAuth()
        .send();
  }

  private static MqttWebSocketConfig websockets(String path) {
    return MqttWebSocketConfig.builder().serverPath(path).build();
  }

  private static Mqtt5BlockingClient client(
      int port, @Nullable MqttWebSocketConfig websockets, boolean encrypted) {
    return MqttClient.builder()
        .useMqttVersion5()
        .transportConfig()
        .serverHost("127.0.0.1")
        .serverPort(port)
        .webSocketConfig(websockets)
        .sslConfig(encrypted ? tls() : null)
        .applyTransportConfig()
        .buildBlocking();
  }

  private static MqttClientSslConfig tls() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", authority.certificate());
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return MqttClientSslConfig.builder()
          .trustManagerFactory(managers)
          .hostnameVerifier((address, session) -> true)
          .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
