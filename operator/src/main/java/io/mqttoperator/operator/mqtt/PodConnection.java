package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import io.mqttoperator.operator.mqtt.ProofResult.NotYet;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one pod, from its first packet to its end; a lost one is replaced, never
 * revived. So an answer always comes from the process that this TLS session was made with. Used on
 * the event loop alone.
 */
final class PodConnection {

  /** A broker that does not answer a publication within this time is taken for gone. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

  /** The least time between two attempts to reach a pod that cannot be reached. */
  static final Duration RECONNECT_PAUSE = Duration.ofMillis(100);

  /**
   * The HiveMQ client blocks the thread that publishes while 64 publications are unanswered
   * (MqttPublishFlowables.add). On the event loop, which alone can take the answers, that would be
   * for ever. Mosquitto's own receive maximum is 20.
   */
  private static final int PUBLICATIONS_AT_ONCE = 16;

  private final PodEndpoint pod;
  private final OperatorIdentity identity;
  private final MqttClientSslConfig tls;
  private final EnforcementWatch enforcement;
  private final EventLoop loop;
  private final ProofListener listener;
  private final Mqtt5AsyncClient client;
  private final CompletableFuture<Mqtt5ConnAck> connected;

  private final SysTopics told = new SysTopics();
  private final Window window = new Window(PUBLICATIONS_AT_ONCE);
  private @Nullable Long endedAtNanos;

  PodConnection(
      PodEndpoint pod,
      OperatorIdentity identity,
      @Nullable PodConnection before,
      EnforcementWatch enforcement,
      EventLoop loop,
      Window connecting,
      ProofListener listener) {
    this.pod = pod;
    this.identity = identity;
    // Key stores cost milliseconds: not again at each attempt.
    this.tls =
        before != null && before.identity.equals(identity)
            ? before.tls
            : MutualTls.of(identity, PodClient.TLS_LIMIT);
    this.enforcement = enforcement;
    this.loop = loop;
    this.listener = listener;
    this.client = PodClient.create(pod, identity, tls, loop, context -> lost(context.getCause()));
    client.publishes(MqttGlobalPublishFilter.SUBSCRIBED, told::hear);
    this.connected = connecting.run(() -> client.connect(PodClient.cleanConnect()));
    var unused =
        connected
            .thenRun(() -> opened(before != null))
            .thenCompose(opened -> subscribe())
            .exceptionally(failure -> null);
  }

  /**
   * Whether a new question may go over this one: it lives, or failed so lately that another attempt
   * would be hot.
   */
  boolean serves(PodEndpoint pod, OperatorIdentity identity) {
    if (!this.pod.equals(pod) || !this.identity.equals(identity)) {
      return false;
    }
    return endedAtNanos == null
        || (connected.isCompletedExceptionally()
            && System.nanoTime() - endedAtNanos < RECONNECT_PAUSE.toNanos());
  }

  private CompletableFuture<Mqtt5SubAck> subscribe() {
    return client
        .subscribeWith()
        .addSubscriptions(
            SysTopics.FILTERS.stream()
                .map(
                    filter ->
                        Mqtt5Subscription.builder()
                            .topicFilter(filter)
                            .qos(MqttQos.AT_MOST_ONCE)
                            .build()))
        .send();
  }

  /** The accounts of the bridges that are connected to this pod, as far as was heard by now. */
  Set<String> bridges() {
    return endedAtNanos == null ? told.bridges() : Set.of();
  }

  /** The sessions on this pod whose client is not connected; empty before the pod has told. */
  OptionalInt sessionsAway() {
    return endedAtNanos == null ? told.sessionsAway() : OptionalInt.empty();
  }

  /** What is known of this pod by now; its figures end with the connection. */
  PodReport report() {
    return new PodReport(endedAtNanos == null ? told.figures() : Map.of(), enforcement.last());
  }

  /** What the next connection to this pod goes on with. */
  EnforcementWatch enforcement() {
    return enforcement;
  }

  /**
   * Asks whether the pod enforces what alone allows a publication to this topic; never completes
   * exceptionally.
   */
  CompletableFuture<ProofResult> prove(String topic) {
    long start = System.nanoTime();
    return connected
        .thenCompose(ack -> window.run(() -> answer(topic)))
        .exceptionally(PodConnection::refusal)
        .thenApply(
            result -> {
              listener.answered(pod, result, Duration.ofNanos(System.nanoTime() - start));
              return result;
            });
  }

  private CompletableFuture<ProofResult> answer(String topic) {
    long sent = System.nanoTime();
    return publish(topic)
        .handle(PodConnection::result)
        .thenApply(
            result -> {
              if (topic.startsWith(PodConnections.REVISION_TOPIC)) {
                enforcement.heard(topic, result, Duration.ofNanos(System.nanoTime() - sent));
              }
              return result;
            });
  }

  /** Ends the connection; harmless if it has ended. */
  void close() {
    if (endedAtNanos == null) {
      endedAtNanos = System.nanoTime();
    }
    // While it connects there is nothing to disconnect yet.
    var unused = connected.thenCompose(ack -> client.disconnect()).exceptionally(e -> null);
  }

  private CompletableFuture<Mqtt5PublishResult> publish(String topic) {
    CompletableFuture<Mqtt5PublishResult> answer =
        client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
    var limit = loop.schedule(() -> expire(answer), ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    var unused = answer.whenComplete((result, failure) -> limit.cancel(false));
    return answer;
  }

  private void expire(CompletableFuture<Mqtt5PublishResult> answer) {
    if (answer.isDone()) {
      return;
    }
    TimeoutException timeout =
        new TimeoutException("no answer within " + ANSWER_LIMIT.toMillis() + " ms");
    lost(timeout);
    close();
    answer.completeExceptionally(timeout);
  }

  private void opened(boolean again) {
    if (endedAtNanos == null) {
      listener.connected(pod, again);
    }
  }

  private void lost(Throwable cause) {
    if (endedAtNanos == null) {
      endedAtNanos = System.nanoTime();
      listener.lost(pod, ConnectionFailure.phrase(cause));
    }
  }

  /**
   * Only the two reason codes that the broker gives to an accepted publication prove anything (MQTT
   * 5, 3.4.2.1).
   */
  private static ProofResult result(
      @Nullable Mqtt5PublishResult answer, @Nullable Throwable failure) {
    if (failure != null) {
      return refusal(failure);
    }
    if (answer instanceof Mqtt5PublishResult.Mqtt5Qos1Result acknowledged) {
      return answer
          .getError()
          .map(PodConnection::refusal)
          .orElseGet(() -> accepted(acknowledged.getPubAck().getReasonCode()));
    }
    return answer == null
        ? new Unreachable("no answer")
        : answer
            .getError()
            .map(PodConnection::refusal)
            .orElseGet(() -> new Unreachable("no acknowledgement"));
  }

  private static ProofResult accepted(Mqtt5PubAckReasonCode code) {
    return code == Mqtt5PubAckReasonCode.SUCCESS
            || code == Mqtt5PubAckReasonCode.NO_MATCHING_SUBSCRIBERS
        ? new Enforced()
        : new Unreachable("the broker answered " + code);
  }

  private static ProofResult refusal(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof Mqtt5PubAckException e
          && e.getMqttMessage().getReasonCode() == Mqtt5PubAckReasonCode.NOT_AUTHORIZED) {
        return new NotYet();
      }
    }
    return new Unreachable(ConnectionFailure.phrase(failure));
  }
}
