package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.mqttoperator.e2e.Login;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One device that publishes 1, 2, 3, … on a topic of its own, and one that subscribes to it. */
final class Feed implements AutoCloseable {

  private static final long RETRY_MILLIS = 100;

  private final MqttQos qos;
  private final String topic;
  private final Device publisher;
  private final Device subscriber;
  private final Ledger ledger = new Ledger();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private volatile boolean isClosed;

  Feed(Place place, Function<String, Login> logins, Function<Integer, Route> pods) {
    qos = place.qos();
    topic = Place.ROOT + place.name();
    publisher =
        new Device(
            place.publisher(),
            logins.apply(place.publisher()),
            Device.Session.KEPT,
            pods.apply(place.publisherPod()),
            Optional.empty());
    subscriber =
        new Device(
            place.subscriber(),
            logins.apply(place.subscriber()),
            Device.Session.KEPT,
            pods.apply(place.subscriberPod()),
            Optional.of(
                new Device.Subscription(
                    topic,
                    qos,
                    payload -> ledger.arrive(Integer.parseInt(payload), System.nanoTime()))));
  }

  /** Where a feed begins and ends. */
  record Place(MqttQos qos, int index, int publisherPod, int subscriberPod) {

    static final String ROOT = "fleet/";

    String name() {
      return "qos%d-%d".formatted(qos.getCode(), index);
    }

    String publisher() {
      return name() + "-publisher";
    }

    String subscriber() {
      return name() + "-subscriber";
    }
  }

  MqttQos qos() {
    return qos;
  }

  Ledger ledger() {
    return ledger;
  }

  List<Device> devices() {
    return List.of(publisher, subscriber);
  }

  /** The reason codes of messages at QoS 1 and 2 that the broker answered with an error. */
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  /** A message at QoS 0 is gone if there is no connection. */
  void publishNext() {
    var number = ledger.publish(System.nanoTime());
    if (qos != MqttQos.AT_MOST_ONCE || publisher.isConnected()) {
      send(number);
    }
  }

  private void send(int number) {
    var unused =
        publisher
            .publish(topic, qos, Integer.toString(number))
            .handle(Feed::error)
            .thenAccept(error -> error.ifPresent(failure -> sendAgain(number, failure)));
  }

  private static Optional<Throwable> error(
      @Nullable Mqtt5PublishResult result, @Nullable Throwable failure) {
    return result == null ? Optional.ofNullable(failure) : result.getError().map(e -> e);
  }

  private void sendAgain(int number, Throwable failure) {
    if (qos == MqttQos.AT_MOST_ONCE || isClosed) {
      return;
    }
    switch (failure) {
      case Mqtt5PubAckException answer ->
          refusals.add("PUBACK " + answer.getMqttMessage().getReasonCode());
      case Mqtt5PubRecException answer ->
          refusals.add("PUBREC " + answer.getMqttMessage().getReasonCode());
      default -> {}
    }
    CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> send(number));
  }

  @Override
  public void close() {
    isClosed = true;
    devices().forEach(Device::close);
  }
}
