package io.mqttoperator.e2e;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a client connects. Each method gives a changed copy.
 *
 * @param trust what to verify the server with, and its name; without it, no TLS
 * @param tlsVersions those it offers, {@code TLSv1.2} or {@code TLSv1.3}
 * @param clientId what it calls itself; empty: the broker chooses
 * @param keepsSession whether its session outlives the connection, and an old one is taken up again
 * @param speaksWebsockets whether it speaks MQTT over WebSockets
 */
public record Client(
    InetSocketAddress address,
    Optional<TrustManagerFactory> trust,
    Optional<KeyManagerFactory> keys,
    List<String> tlsVersions,
    Protocol protocol,
    Optional<Login> login,
    String clientId,
    boolean keepsSession,
    boolean speaksWebsockets) {

  private static final int LIMIT_SECONDS = 15;

  /** One that verifies the broker at {@code address}, and says nothing of itself. */
  public static Client at(InetSocketAddress address, TrustManagerFactory trust) {
    return new Client(
        address,
        Optional.of(trust),
        Optional.empty(),
        List.of("TLSv1.3", "TLSv1.2"),
        Protocol.MQTT_5,
        Optional.empty(),
        "",
        false,
        false);
  }

  /** One without TLS. */
  public static Client withoutTls(InetSocketAddress address) {
    return new Client(
        address,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Protocol.MQTT_5,
        Optional.empty(),
        "",
        false,
        false);
  }

  public Client address(InetSocketAddress other) {
    return new Client(
        other, trust, keys, tlsVersions, protocol, login, clientId, keepsSession, speaksWebsockets);
  }

  public Client keys(KeyManagerFactory other) {
    return new Client(
        address,
        trust,
        Optional.of(other),
        tlsVersions,
        protocol,
        login,
        clientId,
        keepsSession,
        speaksWebsockets);
  }

  Client tlsVersions(String... other) {
    return new Client(
        address,
        trust,
        keys,
        List.of(other),
        protocol,
        login,
        clientId,
        keepsSession,
        speaksWebsockets);
  }

  Client protocol(Protocol other) {
    return new Client(
        address, trust, keys, tlsVersions, other, login, clientId, keepsSession, speaksWebsockets);
  }

  public Client login(Login other) {
    return new Client(
        address,
        trust,
        keys,
        tlsVersions,
        protocol,
        Optional.of(other),
        clientId,
        keepsSession,
        speaksWebsockets);
  }

  Client anonymous() {
    return new Client(
        address,
        trust,
        keys,
        tlsVersions,
        protocol,
        Optional.empty(),
        clientId,
        keepsSession,
        speaksWebsockets);
  }

  public Client clientId(String other) {
    return new Client(
        address, trust, keys, tlsVersions, protocol, login, other, keepsSession, speaksWebsockets);
  }

  public Client keepingSession() {
    return new Client(
        address, trust, keys, tlsVersions, protocol, login, clientId, true, speaksWebsockets);
  }

  Client overWebsockets() {
    return new Client(
        address, trust, keys, tlsVersions, protocol, login, clientId, keepsSession, true);
  }

  /**
   * Connects.
   *
   * @throws Refused if the broker does not let it in
   */
  public Session connect() {
    return await(connectLater());
  }

  /** Connects without waiting; the future fails with {@link Refused}. */
  public CompletableFuture<Session> connectLater() {
    var builder = transport(MqttClient.builder());
    return switch (protocol) {
      case MQTT_3_1_1 -> Mqtt3Session.connect(builder.useMqttVersion3().buildAsync(), this);
      case MQTT_5 -> Mqtt5Session.connect(builder.useMqttVersion5().buildAsync(), this);
    };
  }

  private MqttClientBuilder transport(MqttClientBuilder builder) {
    var named =
        clientId.isEmpty() && protocol == Protocol.MQTT_5 ? builder : builder.identifier(clientId);
    var transport =
        MqttClientTransportConfig.builder()
            .serverAddress(address)
            .socketConnectTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
            .mqttConnectTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
            .sslConfig(trust.map(this::tls).orElse(null))
            .webSocketConfig(speaksWebsockets ? MqttWebSocketConfig.builder().build() : null);
    return named.transportConfig(transport.build());
  }

  /** Without a hostname verifier the library has the JDK compare the certificate's names. */
  private MqttClientSslConfig tls(TrustManagerFactory managers) {
    return MqttClientSslConfig.builder()
        .trustManagerFactory(managers)
        .keyManagerFactory(keys.orElse(null))
        .protocols(tlsVersions)
        .handshakeTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .build();
  }

  /** Waits with a bound, and throws what failed as it is. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT_SECONDS * 2L, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + LIMIT_SECONDS * 2 + " seconds", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The future, failing with what {@code refusal} makes of the library's exception. */
  static <T> CompletableFuture<T> orRefused(
      CompletableFuture<T> future, Function<Throwable, Refused> refusal) {
    return future.exceptionallyCompose(
        failure -> {
          var cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          return CompletableFuture.failedFuture(refusal.apply(cause));
        });
  }
}
