package io.mqttoperator.e2e;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** MQTT 3.1.1 by the HiveMQ library. */
final class Mqtt3Session implements Session {

  private final Mqtt3AsyncClient client;
  private final List<Message> received = new CopyOnWriteArrayList<>();
  private boolean sessionPresent;

  private Mqtt3Session(Mqtt3AsyncClient client) {
    this.client = client;
  }

  static CompletableFuture<Session> connect(Mqtt3AsyncClient client, Client how) {
    var session = new Mqtt3Session(client);
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
        Mqtt3Connect.builder()
            .cleanSession(!how.keepsSession())
            .simpleAuth(how.login().map(Mqtt3Session::authentication).orElse(null));
    return Client.orRefused(client.connect(connect.build()), Mqtt3Session::refused)
        .thenApply(
            acknowledged -> {
              session.sessionPresent = acknowledged.isSessionPresent();
              return session;
            });
  }

  private static Mqtt3SimpleAuth authentication(Login login) {
    var named = Mqtt3SimpleAuth.builder().username(login.username());
    return login
        .password()
        .map(password -> named.password(password.getBytes(StandardCharsets.UTF_8)).build())
        .orElseGet(named::build);
  }

  private static Refused refused(Throwable cause) {
    return new Refused(
        cause instanceof Mqtt3ConnAckException answer
            ? answer.getMqttMessage().getReturnCode().getCode()
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
        .thenApply(acknowledged -> 0);
  }

  @Override
  public List<Message> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    if (isConnected()) {
      client.disconnect().exceptionally(alreadyGone -> null).join();
    }
  }
}
