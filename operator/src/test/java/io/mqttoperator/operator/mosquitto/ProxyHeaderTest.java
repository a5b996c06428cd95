package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.testing.MosquittoProcess;
import io.mqttoperator.operator.testing.OpensslAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Mosquitto does behind a proxy that states its client, as the listener is rendered: why the
 * API offers what it offers.
 */
class ProxyHeaderTest {

  private static final String STATED = "203.0.113.7:4711";
  private static final byte[] V1 = ascii("PROXY TCP4 203.0.113.7 192.0.2.1 4711 1883\r\n");
  private static final byte[] V2 =
      HexFormat.of()
          .parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "cb007107" + "c0000201" + "1267075b");

  /** MQTT 5, clean start, client id "c". */
  private static final byte[] CONNECT =
      HexFormat.of().parseHex("100e" + "00044d515454" + "05" + "02" + "003c" + "00" + "000163");

  private static final byte[] UPGRADE =
      ascii(
          """
          GET /mqtt HTTP/1.1
          Host: broker
          Upgrade: websocket
          Connection: Upgrade
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Protocol: mqtt

          """
              .replace("\n", "\r\n"));

  @TempDir Path directory;
  private final MosquittoProcess mosquitto = new MosquittoProcess();
  private final int port = MosquittoProcess.freePort();

  @AfterEach
  void stop() {
    mosquitto.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void start(ListenerProtocol protocol, ProxyHeader header) {
    write(protocol, header, "");
    mosquitto.start();
  }

  private void write(ListenerProtocol protocol, ProxyHeader header, String more) {
    var listener =
        new ListenerConfiguration(
            "a",
            port,
            protocol,
            Encryption.NONE,
            ClientAuthentication.ANONYMOUS,
            false,
            10,
            header);
    mosquitto.write(
        "mosquitto.conf",
        "user root\nlog_dest stdout\n"
            + text(TextFile.render(ConfigurationLines.of(listener, BrokerOptions.NONE)))
            + more);
  }

  /** The first byte of the answer; -1 where the connection is closed instead. */
  private int answer(byte[] header, byte[] first) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(header);
      socket.getOutputStream().write(first);
      return socket.getInputStream().read();
    } catch (IOException reset) {
      return -1;
    }
  }

  private static byte[] header(ProxyHeader header) {
    return switch (header) {
      case NONE -> new byte[0];
      case V1 -> V1;
      case V2 -> V2;
    };
  }

  @ParameterizedTest
  @CsvSource({"V1, V2", "V2, V1"})
  void aHeaderOfTheRightVersionIsBelievedAndAnythingElseIsClosed(
      ProxyHeader asked, ProxyHeader other) {
    start(ListenerProtocol.MQTT, asked);
    assertThat(answer(header(asked), CONNECT)).as("CONNACK").isEqualTo(0x20);
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(mosquitto.log()).contains("New client connected from " + STATED));
    assertThat(answer(new byte[0], CONNECT)).as("no header").isEqualTo(-1);
    assertThat(answer(header(other), CONNECT)).as("the other version").isEqualTo(-1);
    assertThat(answer(header(asked), CONNECT)).as("it serves on").isEqualTo(0x20);
  }

  @ParameterizedTest
  @EnumSource(names = {"V1", "V2"})
  void soItIsBeforeWebsockets(ProxyHeader asked) {
    start(ListenerProtocol.WEBSOCKETS, asked);
    assertThat(answer(header(asked), UPGRADE)).as("HTTP/1.1 101").isEqualTo('H');
    assertThat(answer(new byte[0], UPGRADE)).isEqualTo(-1);
  }

  /** Hence a change restarts the pod. */
  @Test
  void aReloadLetsNoHeaderGo() {
    start(ListenerProtocol.MQTT, ProxyHeader.V2);
    write(ListenerProtocol.MQTT, ProxyHeader.NONE, "");
    mosquitto.reload();
    Awaitility.await().until(() -> mosquitto.log().contains("Reloading config"));
    assertThat(answer(V2, CONNECT)).isEqualTo(0x20);
    assertThat(answer(new byte[0], CONNECT)).isEqualTo(-1);
  }

  /** Hence none with TLS; where one of these fails, Mosquitto has learnt it. */
  @Test
  void versionTwoDoesNotStartBesideACertificate() {
    write(ListenerProtocol.MQTT, ProxyHeader.V2, certificate());
    assertThatThrownBy(mosquitto::start)
        .hasMessageContaining("certfile and keyfile cannot be used with `enable_proxy_protocol 2`");
  }

  @Test
  void versionOneTakesItsHeaderForTls() {
    write(ListenerProtocol.MQTT, ProxyHeader.NONE, certificate());
    mosquitto.start();
    assertThat(shakesHands(new byte[0])).as("without a header, asked for or sent").isTrue();
    mosquitto.stop();
    write(ListenerProtocol.MQTT, ProxyHeader.V1, certificate());
    mosquitto.start();
    assertThat(shakesHands(V1)).isFalse();
  }

  private boolean shakesHands(byte[] header) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(header);
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyServer()}, null);
      try (var tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, "broker.example", port, true)) {
        tls.startHandshake();
        return true;
      }
    } catch (IOException refused) {
      return false;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** It is the handshake that counts here, not with whom. */
  private static final class AnyServer extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private String certificate() {
    var server = new OpensslAuthority(directory, "devices").server("broker.example");
    mosquitto.write("server.crt", server.certificatePem());
    mosquitto.write("server.key", server.keyPem());
    return "certfile %s\nkeyfile %s\n"
        .formatted(mosquitto.inside("server.crt"), mosquitto.inside("server.key"));
  }
}
