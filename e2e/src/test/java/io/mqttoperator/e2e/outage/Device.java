package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.mqttoperator.e2e.Login;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A client as a device has it: it sends what is not acknowledged again, and comes back by itself.
 */
final class Device implements AutoCloseable {

  /** Between the loss of a connection, or a try that failed, and the next try. */
  static final Duration RECONNECT_DELAY = Duration.ofMillis(100);

  /** How long its session outlives its connection. */
  enum Session {
    /** A day. */
    KEPT(86_400),
    /** Not at all: as of a client that may come back on another pod. */
    ENDED(0);

    private final long seconds;

    Session(long seconds) {
      this.seconds = seconds;
    }
  }

  private static final Executor AFTER_DELAY =
      CompletableFuture.delayedExecutor(RECONNECT_DELAY.toMillis(), TimeUnit.MILLISECONDS);

  /** What it wants to hear. */
  record Subscription(String filter, MqttQos qos, Consumer<String> receiver) {}

  private final String name;
  private final Session session;
  private final Route route;
  private final Optional<Subscription> subscription;
  private final Mqtt5AsyncClient client;
  private final List<Absence> absences = new CopyOnWriteArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private volatile boolean isServed;
  private volatile Optional<Long> lostAt = Optional.empty();

  Device(
      String name, Login login, Session session, Route route, Optional<Subscription> subscription) {
    this.name = name;
    this.session = session;
    this.route = route;
    this.subscription = subscription;
    client =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(name)
            .simpleAuth(authentication(login))
            .transportConfig(route.now().orElseThrow())
            .addConnectedListener(this::connected)
            .addDisconnectedListener(this::disconnected)
            .buildAsync();
    client.publishes(
        MqttGlobalPublishFilter.ALL,
        message ->
            subscription
                .orElseThrow()
                .receiver()
                .accept(new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8)));
  }

  private static Mqtt5SimpleAuth authentication(Login login) {
    return Mqtt5SimpleAuth.builder()
        .username(login.username())
        .password(login.password().orElseThrow().getBytes(StandardCharsets.UTF_8))
        .build();
  }

  /** Connects for the first time, and from then on always. */
  void start() {
    var unused =
        client.connect(
            Mqtt5Connect.builder()
                .cleanStart(false)
                .sessionExpiryInterval(session.seconds)
                .keepAlive(10)
                .build());
  }

  String name() {
    return name;
  }

  boolean isConnected() {
    return client.getState().isConnected();
  }

  /** Whether it is connected, and its subscription works. */
  boolean isServed() {
    return isServed;
  }

  List<Absence> absences() {
    return List.copyOf(absences);
  }

  /** How often the broker did not know its session; once at the start. */
  int newSessions() {
    return sessions.get();
  }

  CompletableFuture<Mqtt5PublishResult> publish(String topic, MqttQos qos, String payload) {
    return client
        .publishWith()
        .topic(topic)
        .qos(qos)
        .payload(payload.getBytes(StandardCharsets.UTF_8))
        .send();
  }

  private void connected(MqttClientConnectedContext context) {
    var hasSession = ((Mqtt5ClientConnectedContext) context).getConnAck().isSessionPresent();
    if (!hasSession) {
      sessions.incrementAndGet();
    }
    if (hasSession || subscription.isEmpty()) {
      served();
      return;
    }
    var wanted = subscription.get();
    var unused =
        client
            .subscribeWith()
            .topicFilter(wanted.filter())
            .qos(wanted.qos())
            .send()
            .thenAccept(acknowledged -> served());
  }

  private synchronized void served() {
    var now = System.nanoTime();
    lostAt.ifPresent(lost -> absences.add(new Absence(name, lost, Duration.ofNanos(now - lost))));
    lostAt = Optional.empty();
    isServed = true;
  }

  private synchronized void disconnected(MqttClientDisconnectedContext context) {
    if (context.getSource() == MqttDisconnectSource.USER) {
      return;
    }
    isServed = false;
    if (lostAt.isEmpty()) {
      lostAt = Optional.of(System.nanoTime());
    }
    var reconnector = ((Mqtt5ClientDisconnectedContext) context).getReconnector();
    reconnector
        .reconnect(true)
        // What is in the session is subscribed; what is not, connected() subscribes and waits for.
        .resubscribeIfSessionExpired(false)
        .republishIfSessionExpired(true)
        .delay(0, TimeUnit.MILLISECONDS)
        .reconnectWhen(
            nextRoute(),
            (transport, failure) -> {
              if (transport != null) {
                reconnector.transportConfig(transport);
              }
            });
  }

  /** As a device that asks for the address anew at each try. */
  private CompletableFuture<MqttClientTransportConfig> nextRoute() {
    return CompletableFuture.supplyAsync(route::now, AFTER_DELAY)
        .thenCompose(
            found -> found.map(CompletableFuture::completedFuture).orElseGet(this::nextRoute));
  }

  @Override
  public void close() {
    var unused = client.disconnect().exceptionally(alreadyGone -> null);
  }
}
