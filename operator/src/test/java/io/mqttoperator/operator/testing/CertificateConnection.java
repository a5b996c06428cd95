package io.mqttoperator.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5WillPublish;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.TrustBundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A client that shows a certificate, on any listener of a {@link ServingPod}. */
public final class CertificateConnection implements AutoCloseable {

  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final Mqtt5BlockingClient client;

  /**
   * Connects.
   *
   * @param trust PEM
   * @param pair what it shows; null: nothing
   * @param login username and password; empty: none
   * @throws RuntimeException if it is not let in
   */
  public CertificateConnection(
      ServingPod pod,
      int port,
      String serverName,
      String trust,
      @Nullable KeyAndCertificate pair,
      String... login) {
    this(pod, port, serverName, trust, pair, Optional.empty(), login);
  }

  /** The same with a will, and a session that outlives the connection. */
  public CertificateConnection(
      ServingPod pod,
      int port,
      String serverName,
      String trust,
      KeyAndCertificate pair,
      Will will) {
    this(pod, port, serverName, trust, pair, Optional.of(will));
  }

  private CertificateConnection(
      ServingPod pod,
      int port,
      String serverName,
      String trust,
      @Nullable KeyAndCertificate pair,
      Optional<Will> will,
      String... login) {
    client =
        MqttClient.builder()
            .useMqttVersion5()
            .serverAddress(address(pod, serverName, port))
            .sslConfig()
            .trustManagerFactory(trust(trust))
            .keyManagerFactory(pair == null ? null : pair.keyManagerFactory())
            .applySslConfig()
            .addDisconnectedListener(context -> ended.complete(context.getCause()))
            .willPublish(will.map(CertificateConnection::message).orElse(null))
            .buildBlocking();
    client
        .toAsync()
        .publishes(
            com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL,
            message -> received.add(message.getTopic().toString()));
    var connect =
        client
            .connectWith()
            .cleanStart(true)
            .sessionExpiryInterval(will.isPresent() ? Will.SESSION_SECONDS : 0);
    var unused =
        login.length == 0
            ? connect.send()
            : connect
                .simpleAuth()
                .username(login[0])
                .password(login[1].getBytes(UTF_8))
                .applySimpleAuth()
                .send();
  }

  private static Mqtt5WillPublish message(Will will) {
    return Mqtt5WillPublish.builder()
        .topic(will.topic())
        .delayInterval(will.delaySeconds())
        .build();
  }

  private static javax.net.ssl.TrustManagerFactory trust(String pem) {
    try {
      return TrustBundle.parse(pem.getBytes(UTF_8)).trustManagerFactory();
    } catch (InvalidCertificateException unreadable) {
      throw new IllegalArgumentException(unreadable);
    }
  }

  private static InetSocketAddress address(ServingPod pod, String serverName, int port) {
    try {
      var ip = InetAddress.getByName(pod.address()).getAddress();
      return new InetSocketAddress(InetAddress.getByAddress(serverName, ip), port);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Throwable> ended() {
    return ended;
  }

  public void subscribe(String topic) {
    var unused = client.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  /** The topics of all messages so far. */
  public Queue<String> received() {
    return received;
  }

  /** Publishes with QoS 1; answers whether it was allowed. */
  public boolean mayPublish(String topic) {
    try {
      var unused = client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
      return true;
    } catch (com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException refused) {
      return false;
    }
  }

  /** DISCONNECT, and asks for its will to be published. */
  public void disconnectWithWill() {
    client
        .disconnectWith()
        .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
        .send();
  }

  @Override
  public void close() {
    try {
      client.disconnect();
    } catch (MqttClientStateException hasEnded) {
      // Its state follows the end a moment later.
    }
  }
}
