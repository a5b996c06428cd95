package io.mqttoperator.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A user's own MQTT client, on the password listener of a {@link ServingPod}. */
public final class UserConnection implements AutoCloseable {

  private static final int PORT = 8883;

  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private final CompletableFuture<X509Certificate> shown = new CompletableFuture<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final Mqtt5BlockingClient client;
  private final Mqtt5ConnAck accepted;

  /**
   * Logs in, with a session that outlives the connection by an hour.
   *
   * @param authority PEM
   * @throws com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException if it is refused
   */
  public UserConnection(
      ServingPod pod, String serverName, String authority, String username, String password) {
    this(pod, serverName, authority, username, password, null);
  }

  /**
   * The same with a will.
   *
   * @param will its topic
   */
  public UserConnection(
      ServingPod pod,
      String serverName,
      String authority,
      String username,
      String password,
      @Nullable String will) {
    client =
        MqttClient.builder()
            .useMqttVersion5()
            .serverAddress(address(pod, serverName))
            .sslConfig()
            .trustManagerFactory(trust(authority))
            .hostnameVerifier((name, session) -> keep(session))
            .applySslConfig()
            .addDisconnectedListener(context -> ended.complete(context.getCause()))
            .willPublish(will == null ? null : Mqtt5Publish.builder().topic(will).build())
            .buildBlocking();
    client
        .toAsync()
        .publishes(
            MqttGlobalPublishFilter.ALL, message -> received.add(message.getTopic().toString()));
    accepted =
        client
            .connectWith()
            .cleanStart(false)
            .sessionExpiryInterval(3600)
            .simpleAuth()
            .username(username)
            .password(password.getBytes(UTF_8))
            .applySimpleAuth()
            .send();
  }

  private boolean keep(javax.net.ssl.SSLSession session) {
    try {
      shown.complete((X509Certificate) session.getPeerCertificates()[0]);
      return true;
    } catch (javax.net.ssl.SSLPeerUnverifiedException impossible) {
      return false;
    }
  }

  /** The certificate that the server has shown. */
  public X509Certificate certificate() {
    return shown.join();
  }

  /** Whether the broker still had a session of this user. */
  public boolean hadSession() {
    return accepted.isSessionPresent();
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Throwable> ended() {
    return ended;
  }

  /** The topics of all messages so far. */
  public Queue<String> received() {
    return received;
  }

  public void subscribe(String topic) {
    var unused = client.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  /** Publishes with QoS 1; answers whether it was allowed. */
  public boolean mayPublish(String topic) {
    try {
      client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
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

  /** DISCONNECT, where it is still connected: the session stays. */
  @Override
  public void close() {
    try {
      client.disconnect();
    } catch (MqttClientStateException hasEnded) {
      // Its state follows the end a moment later.
    }
  }

  private static InetSocketAddress address(ServingPod pod, String serverName) {
    try {
      var ip = InetAddress.getByName(pod.address()).getAddress();
      return new InetSocketAddress(InetAddress.getByAddress(serverName, ip), PORT);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static TrustManagerFactory trust(String authority) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(authority.getBytes(UTF_8)))) {
        store.setCertificateEntry(String.valueOf(store.size()), certificate);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
