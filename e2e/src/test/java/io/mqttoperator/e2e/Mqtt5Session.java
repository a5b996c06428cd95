package io.mqttoperator.e2e;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** MQTT 5 by the HiveMQ library. */
final class Mqtt5Session implements Session {

  private static final long SESSION_SECONDS = 3600;

  private final Mqtt5AsyncClient client;
  private final List<Message> received = Collections.synchronizedList(new ArrayList<>());
  private final boolean keepsSession;
  private boolean sessionPresent;

  private Mqtt5Session(Mqtt5AsyncClient client, boolean keepsSession) {
    this.client = client;
    this.keepsSession = keepsSession;
  }

  static CompletableFuture<Session> connect(Mqtt5AsyncClient client, Client how) {
    var session = new Mqtt5Session(client, how.keepsSession());
    // Before CONNECT: what a kept session has queued comes right after CONNACK.
    client.publishes(
        MqttGlobalPublishFilter.ALL,
        message ->
            session.received.add(
                Message.of(
                    message.getTopic().toString(),
                    message.getPayloadAsBytes(),
                    message.isRetain())));
    var connect =
        Mqtt5Connect.builder()
            .cleanStart(!how.keepsSession())
            .sessionExpiryInterval(how.keepsSession() ? SESSION_SECONDS : 0)
            .simpleAuth(how.login().map(Mqtt5Session::authentication).orElse(null));
    return Client.orRefused(client.connect(connect.build()), Mqtt5Session::refused)
        .thenApply(
            acknowledged -> {
              session.sessionPresent = acknowledged.isSessionPresent();
              return session;
            });
  }

  private static Mqtt5SimpleAuth authentication(Login login) {
    var named = Mqtt5SimpleAuth.builder().username(login.username());
    return login
        .password()
        .map(password -> named.password(password.getBytes(StandardCharsets.UTF_8)).build())
        .orElseGet(named::build);
  }

  private static Refused refused(Throwable cause) {
    return new Refused(
        cause instanceof Mqtt5ConnAckException answer
            ? answer.getMqttMessage().getReasonCode().getCode()
            : Refused.NO_ANSWER,
        cause);
  }

  @Override
  public boolean isSessionPresent() {
    return sessionPresent;
  }

  @Override
  public boolean isConnected() {
    return client.getState().isConnected();
  }

  @Override
  public void subscribe(String filter) {
    Client.await(client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send());
  }

  @Override
  public int publish(String topic, String payload, boolean retain) {
    return Client.await(send(topic, payload, retain));
  }

  @Override
  public CompletableFuture<Integer> send(String topic, String payload, boolean retain) {
    return client
        .publishWith()
        .topic(topic)
        .qos(MqttQos.AT_LEAST_ONCE)
        .retain(retain)
        .payload(payload.getBytes(StandardCharsets.UTF_8))
        .send()
        .handle(Mqtt5Session::code);
  }

  private static int code(@Nullable Mqtt5PublishResult result, @Nullable Throwable failure) {
    var error = result == null ? failure : result.getError().orElse(null);
    if (error instanceof Mqtt5PubAckException refused) {
      return refused.getMqttMessage().getReasonCode().getCode();
    }
    if (error == null && result instanceof Mqtt5PublishResult.Mqtt5Qos1Result acknowledged) {
      return acknowledged.getPubAck().getReasonCode().getCode();
    }
    throw new CompletionException(error);
  }

  @Override
  public List<Message> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    if (isConnected()) {
      // The expiry asked for at CONNECT holds unless DISCONNECT changes it.
      client
          .disconnectWith()
          .sessionExpiryInterval(keepsSession ? SESSION_SECONDS : 0)
          .send()
          .exceptionally(alreadyGone -> null)
          .join();
    }
  }
}
