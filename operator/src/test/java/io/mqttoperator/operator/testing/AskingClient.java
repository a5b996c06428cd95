package io.mqttoperator.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.reactivex.schedulers.Schedulers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An MQTT 5 client on the loopback interface that asks many things at a time. */
public final class AskingClient implements AutoCloseable {

  /** A message that was delivered. */
  public record Delivered(String topic, String payload) {}

  private static final String NO_RIGHT = "of-a-client-that-waits";
  private static final int BOUND_SECONDS = 20;

  private final ConcurrentLinkedQueue<Delivered> delivered = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Mqtt5AsyncClient client;

  private AskingClient(int port) {
    client =
        MqttClient.builder()
            .useMqttVersion5()
            .serverHost("127.0.0.1")
            .serverPort(port)
            // In the event loop: what comes before an acknowledgement is noted before it.
            .executorConfig()
            .applicationScheduler(Schedulers.trampoline())
            .applyExecutorConfig()
            .addDisconnectedListener(context -> ended.complete(null))
            .buildAsync();
    client.publishes(MqttGlobalPublishFilter.ALL, this::note);
  }

  private void note(Mqtt5Publish message) {
    delivered.add(
        new Delivered(
            message.getTopic().toString(), new String(message.getPayloadAsBytes(), UTF_8)));
  }

  /**
   * Logs in.
   *
   * @param username without one, as an anonymous client
   * @return empty if the broker refuses it
   */
  public static Optional<AskingClient> login(
      int port, @Nullable String username, String password, Optional<String> will) {
    var asking = new AskingClient(port);
    var connect = asking.client.connectWith().cleanStart(true);
    if (username != null) {
      connect.simpleAuth().username(username).password(password.getBytes(UTF_8)).applySimpleAuth();
    }
    will.ifPresent(
        topic ->
            connect
                .willPublish()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(will(username).getBytes(UTF_8))
                .applyWillPublish());
    try {
      await(connect.send());
      return Optional.of(asking);
    } catch (IllegalStateException failed) {
      if (failed.getCause() instanceof Mqtt5ConnAckException refused
          && refused.getMqttMessage().getReasonCode() == Mqtt5ConnAckReasonCode.NOT_AUTHORIZED) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  /** The payload of a user's will. */
  public static String will(@Nullable String username) {
    return "will of " + username;
  }

  public boolean isConnected() {
    return client.getState().isConnected();
  }

  /** Waits until somebody has ended the connection. */
  public void awaitEnd() {
    await(ended);
  }

  /** Subscribes with QoS 0, and returns when what is retained has come too. */
  public void subscribe(String filter) {
    await(client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_MOST_ONCE).send());
    catchUp();
  }

  /** Returns when all that the broker has sent until now has come: it keeps the order. */
  public void catchUp() {
    await(client.subscribeWith().topicFilter(NO_RIGHT).qos(MqttQos.AT_MOST_ONCE).send());
  }

  /** Returns when all that the broker has sent until then has come. */
  public void unsubscribe(String filter) {
    await(client.unsubscribeWith().topicFilter(filter).send());
  }

  /** What has come since this was asked last. */
  public List<Delivered> delivered() {
    var all = List.copyOf(delivered);
    delivered.clear();
    return all;
  }

  /** Publishes with QoS 1; answers whether the broker takes it. */
  public Future<Boolean> publish(String topic, String payload, boolean retain) {
    return client
        .publishWith()
        .topic(topic)
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(payload.getBytes(UTF_8))
        .retain(retain)
        .send()
        .handle(
            (result, failure) -> {
              if (failure == null) {
                return true;
              }
              if (failure instanceof Mqtt5PubAckException refused
                  && refused.getMqttMessage().getReasonCode()
                      == Mqtt5PubAckReasonCode.NOT_AUTHORIZED) {
                return false;
              }
              throw new IllegalStateException(failure);
            });
  }

  /** Waits for an answer. */
  public static <T> T await(Future<T> answer) {
    try {
      return answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends the connection so that the broker sends the will. */
  public void leaveTheWill() {
    await(
        client
            .disconnectWith()
            .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
            .send());
  }

  @Override
  public void close() {
    if (isConnected()) {
      await(client.disconnect());
    }
  }
}
