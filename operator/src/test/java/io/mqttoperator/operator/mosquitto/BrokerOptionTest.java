package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.MqttSessionExpiredException;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of options against the real Mosquitto: what each does, and when a change is taken. */
class BrokerOptionTest {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final long NEVER = 0xffff_ffffL;

  private final MosquittoProcess mosquitto = new MosquittoProcess();
  private final int port = MosquittoProcess.freePort();

  @AfterEach
  void end() {
    mosquitto.close();
  }

  @ParameterizedTest
  @EnumSource
  void takesEffectWhenTheTableSays(BrokerOption option) {
    configure(Map.of());
    mosquitto.start();
    Object before = seen(option);
    configure(Map.of(option, changed(option)));
    reload();
    Object reloaded = seen(option);
    configure(Map.of());
    reload();
    Object removed = seen(option);
    mosquitto.stop();
    configure(Map.of(option, changed(option)));
    mosquitto.start();
    Object started = seen(option);
    assertThat(started).isNotEqualTo(before);
    assertThat(reloaded).isEqualTo(option.effect() == OptionEffect.AT_START ? before : started);
    assertThat(removed)
        .isEqualTo(option.effect() == OptionEffect.AT_RELOAD_ONCE_SET ? started : before);
  }

  /** An MQTT 3.1.1 client is not told, so it does not hold itself back. */
  @ParameterizedTest
  @EnumSource(names = {"MAX_PACKET_SIZE", "MAX_QOS", "RETAIN_AVAILABLE"})
  void whoDoesNotKeepToItIsDisconnected(BrokerOption option) {
    configure(Map.of(option, changed(option)));
    mosquitto.start();
    var client = client3("c");
    client.connect();
    client.publishWith().topic("a").qos(MqttQos.AT_LEAST_ONCE).send();
    assertThatThrownBy(
            () ->
                client
                    .publishWith()
                    .topic("a")
                    .qos(
                        option == BrokerOption.MAX_QOS
                            ? MqttQos.EXACTLY_ONCE
                            : MqttQos.AT_LEAST_ONCE)
                    .retain(option == BrokerOption.RETAIN_AVAILABLE)
                    .payload(new byte[option == BrokerOption.MAX_PACKET_SIZE ? 400 : 1])
                    .send())
        .isInstanceOf(MqttSessionExpiredException.class)
        .hasMessageContaining("connection was closed");
  }

  @Test
  void aLongerKeepAliveIsRefusedWhereItCannotBeTold() {
    configure(Map.of(BrokerOption.MAX_KEEPALIVE, 100L));
    mosquitto.start();
    assertThatThrownBy(() -> client3("c").connectWith().keepAlive(101).send())
        .isInstanceOfSatisfying(
            Mqtt3ConnAckException.class,
            refusal ->
                assertThat(refusal.getMqttMessage().getReturnCode())
                    .isEqualTo(Mqtt3ConnAckReturnCode.IDENTIFIER_REJECTED));
    var client = client3("d");
    client.connectWith().keepAlive(100).send();
    client.disconnect();
  }

  @Test
  void anotherMemoryLimitIsTakenAtAReload() {
    configure(Map.of(BrokerOption.MEMORY_LIMIT, 1L << 22));
    mosquitto.start();
    assertThat(queuedUntilFull()).isLessThan(FILL);
    configure(Map.of(BrokerOption.MEMORY_LIMIT, 1L << 28));
    reload();
    assertThat(queuedUntilFull()).isEqualTo(FILL);
  }

  private static long changed(BrokerOption option) {
    return switch (option) {
      case MAX_PACKET_SIZE -> 256;
      case MAX_INFLIGHT_MESSAGES, MAX_QUEUED_MESSAGES, MAX_TOPIC_ALIAS -> 3;
      case MAX_INFLIGHT_BYTES, MAX_QUEUED_BYTES -> 30;
      case MAX_KEEPALIVE -> 100;
      case MAX_QOS, QUEUE_QOS0_MESSAGES, PERSISTENT_CLIENT_EXPIRATION -> 1;
      case RETAIN_AVAILABLE -> 0;
      case MEMORY_LIMIT -> 1L << 22;
    };
  }

  private Object seen(BrokerOption option) {
    return switch (option) {
      case MAX_PACKET_SIZE -> acknowledgement().getRestrictions().getMaximumPacketSize();
      case MAX_INFLIGHT_MESSAGES -> acknowledgement().getRestrictions().getReceiveMaximum();
      case MAX_TOPIC_ALIAS -> acknowledgement().getRestrictions().getTopicAliasMaximum();
      case MAX_QOS -> acknowledgement().getRestrictions().getMaximumQos();
      case RETAIN_AVAILABLE -> acknowledgement().getRestrictions().isRetainAvailable();
      case MAX_KEEPALIVE -> acknowledgement().getServerKeepAlive();
      case MAX_INFLIGHT_BYTES -> inFlight();
      case MAX_QUEUED_MESSAGES, MAX_QUEUED_BYTES -> queued(MqttQos.AT_LEAST_ONCE);
      // How many come before the last one, which is of another QoS, is chance.
      case QUEUE_QOS0_MESSAGES -> queued(MqttQos.AT_MOST_ONCE) > 0;
      case PERSISTENT_CLIENT_EXPIRATION -> expires();
      case MEMORY_LIMIT -> queuedUntilFull() < FILL;
    };
  }

  private Mqtt5ConnAck acknowledgement() {
    var client = client("c");
    var acknowledgement = client.connectWith().keepAlive(600).send();
    client.disconnect();
    return acknowledgement;
  }

  /** How many of ten messages of ten bytes wait for a client that is away. */
  private int queued(MqttQos qos) {
    subscribeAndLeave("q");
    publish(qos, 10, 10);
    var client = client("q");
    try (var received = client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.connectWith().cleanStart(false).send();
      // Behind all that has waited: it is not acknowledged before, and not queued.
      publish(MqttQos.AT_LEAST_ONCE, 1, 1);
      int count = until(received, 1);
      client.disconnect();
      return count;
    }
  }

  /** How many of ten messages of ten bytes come to a client that acknowledges none. */
  private int inFlight() {
    var client = client("f");
    try (var received = client.publishes(MqttGlobalPublishFilter.ALL, true)) {
      client.connect();
      client.subscribeWith().topicFilter("t").qos(MqttQos.AT_LEAST_ONCE).send();
      publish(MqttQos.AT_LEAST_ONCE, 10, 10);
      // At QoS 0 it waits for no acknowledgement.
      publish(MqttQos.AT_MOST_ONCE, 1, 1);
      int count = until(received, 1);
      client.disconnect();
      return count;
    }
  }

  /** The messages before the one of this length. */
  private static int until(Mqtt5Publishes received, int length) {
    for (int count = 0; ; count++) {
      try {
        var message = received.receive(BOUND.toSeconds(), TimeUnit.SECONDS).orElseThrow();
        if (message.getPayloadAsBytes().length == length) {
          return count;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Whether a session that asks to stay for ever is gone before one that asks for two seconds. */
  private boolean expires() {
    int seen = mosquitto.log().length();
    leave("lasting", NEVER);
    leave("brief", 2);
    Awaitility.await()
        .atMost(BOUND)
        .until(() -> mosquitto.log().indexOf("Expiring client brief", seen) > 0);
    return mosquitto.log().indexOf("Expiring client lasting", seen) > 0;
  }

  private static final int FILL = 60;

  /** How many of 60 messages of 100,000 bytes are taken for a client that is away. */
  private int queuedUntilFull() {
    subscribeAndLeave("m");
    var sender = client("s");
    sender.connect();
    int taken = 0;
    try {
      while (taken < FILL) {
        sender.publish(message(MqttQos.AT_LEAST_ONCE, 100_000));
        taken++;
      }
      sender.disconnect();
    } catch (RuntimeException full) {
      assertThat(mosquitto.log()).contains("Client s ");
    }
    var client = client("m");
    client.connectWith().cleanStart(true).send();
    client.disconnect();
    return taken;
  }

  private void subscribeAndLeave(String name) {
    var client = client(name);
    client.connectWith().cleanStart(true).sessionExpiryInterval(NEVER).send();
    client.subscribeWith().topicFilter("t").qos(MqttQos.AT_LEAST_ONCE).send();
    int seen = mosquitto.log().length();
    client.disconnect();
    // Until then a message of QoS 0 goes to the connection, and is lost with it.
    Awaitility.await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> mosquitto.log().indexOf("Client " + name + " [", seen) >= 0);
  }

  private void leave(String name, long expiry) {
    var client = client(name);
    client.connectWith().cleanStart(true).sessionExpiryInterval(expiry).send();
    client.disconnect();
  }

  private void publish(MqttQos qos, int count, int length) {
    var client = client("p");
    client.connect();
    for (int i = 0; i < count; i++) {
      client.publish(message(qos, length));
    }
    // Acknowledged when all before it has been taken, which at QoS 0 nothing tells.
    client.publishWith().topic("end").qos(MqttQos.AT_LEAST_ONCE).send();
    client.disconnect();
  }

  private static Mqtt5Publish message(MqttQos qos, int length) {
    return Mqtt5Publish.builder().topic("t").qos(qos).payload(new byte[length]).build();
  }

  private Mqtt5BlockingClient client(String name) {
    return Mqtt5Client.builder()
        .identifier(name)
        .serverHost("127.0.0.1")
        .serverPort(port)
        .buildBlocking();
  }

  private Mqtt3BlockingClient client3(String name) {
    return Mqtt3Client.builder()
        .identifier(name)
        .serverHost("127.0.0.1")
        .serverPort(port)
        .buildBlocking();
  }

  private void configure(Map<BrokerOption, Long> values) {
    var options = new BrokerOptions(values, Set.of(LogType.ERROR, LogType.NOTICE), true);
    mosquitto.write(
        "mosquitto.conf",
        """
        user root
        allow_anonymous true
        log_dest stdout
        log_type information
        log_type notice
        %s
        listener %d 127.0.0.1
        %s
        """
            .formatted(
                String.join("\n", options.lines(BrokerOption.ofBroker())),
                port,
                String.join("\n", options.lines(BrokerOption.ofListeners()))));
  }

  /** A new connection is accepted after the reload that was asked for before it. */
  private void reload() {
    int seen = mosquitto.log().length();
    mosquitto.reload();
    Awaitility.await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> mosquitto.log().indexOf("Reloading config", seen) >= 0);
  }
}
