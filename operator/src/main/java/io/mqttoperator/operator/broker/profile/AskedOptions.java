package io.mqttoperator.operator.broker.profile;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mqttoperator.api.Limits;
import io.mqttoperator.api.Logging;
import io.mqttoperator.api.Messages;
import io.mqttoperator.api.MqttBrokerSpec;
import io.mqttoperator.operator.mosquitto.BrokerOption;
import io.mqttoperator.operator.mosquitto.BrokerOptions;
import io.mqttoperator.operator.mosquitto.LogType;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options that a spec's {@code limits}, {@code messages} and {@code logging} ask for. */
final class AskedOptions {

  /**
   * To a broker, a bridge is a client: with Mosquitto's own 1,000, a burst of 20,000 messages lost
   * 2,537 between pods that were all connected (measured).
   */
  private static final long QUEUE_OF_SEVERAL_PODS = 10_000;

  /** Mosquitto's own; {@code bridge.conf} sets no other. */
  private static final long PACKET_OF_A_BRIDGE = 2_000_000;

  private AskedOptions() {}

  /**
   * What is left out, and what is Mosquitto's own default, is not set.
   *
   * @throws IllegalArgumentException with a sentence, if a value cannot be used
   */
  static BrokerOptions of(MqttBrokerSpec spec) {
    var values = new EnumMap<BrokerOption, Long>(BrokerOption.class);
    if (spec.limits() != null) {
      limits(spec.limits(), values);
    }
    if (spec.messages() != null) {
      messages(spec.messages(), values);
    }
    if (spec.replicas() != null && spec.replicas() > 1) {
      requireForBridges(values);
      values.putIfAbsent(BrokerOption.MAX_QUEUED_MESSAGES, QUEUE_OF_SEVERAL_PODS);
    }
    var logging = Optional.ofNullable(spec.logging());
    return new BrokerOptions(
        values,
        logging
            .map(Logging::types)
            .map(AskedOptions::logTypes)
            .orElse(BrokerOptions.NONE.logTypes()),
        logging.map(Logging::connections).orElse(true));
  }

  /** What would part the pods without a word: to a broker, a bridge is a client like others. */
  private static void requireForBridges(Map<BrokerOption, Long> values) {
    if (values.containsKey(BrokerOption.PERSISTENT_CLIENT_EXPIRATION)) {
      throw withSeveralPods(
          "limits.sessionExpiry: it would end the sessions of their bridges, too");
    }
    if (values.containsKey(BrokerOption.RETAIN_AVAILABLE)) {
      throw withSeveralPods(
          "messages.retain: false: their bridges tell by retained messages that they are connected");
    }
    if (values.getOrDefault(BrokerOption.MAX_PACKET_SIZE, 0L) > PACKET_OF_A_BRIDGE) {
      throw withSeveralPods(
          "limits.maxPacketSize above %d, which a bridge takes".formatted(PACKET_OF_A_BRIDGE));
    }
  }

  private static IllegalArgumentException withSeveralPods(String problem) {
    return new IllegalArgumentException(
        "spec.replicas is more than 1, and several pods cannot have spec.%s. Leave it out, or set"
                .formatted(problem)
            + " spec.replicas to 1.");
  }

  private static void limits(Limits asked, Map<BrokerOption, Long> values) {
    put(values, BrokerOption.MAX_PACKET_SIZE, asked.maxPacketSize());
    put(values, BrokerOption.MAX_INFLIGHT_MESSAGES, asked.maxInflightMessages());
    put(values, BrokerOption.MAX_INFLIGHT_BYTES, asked.maxInflightBytes());
    put(values, BrokerOption.MAX_QUEUED_MESSAGES, asked.maxQueuedMessages());
    put(values, BrokerOption.MAX_QUEUED_BYTES, asked.maxQueuedBytes());
    put(values, BrokerOption.MAX_KEEPALIVE, asked.maxKeepAlive());
    put(values, BrokerOption.MAX_TOPIC_ALIAS, asked.maxTopicAliases());
    put(values, BrokerOption.MAX_QOS, asked.maxQos());
    if (asked.sessionExpiry() != null) {
      values.put(
          BrokerOption.PERSISTENT_CLIENT_EXPIRATION,
          AskedDuration.of(asked.sessionExpiry(), "0s").toSeconds());
    }
    if (asked.memory() != null) {
      values.put(
          BrokerOption.MEMORY_LIMIT,
          Quantity.getAmountInBytes(asked.memory())
              .setScale(0, RoundingMode.DOWN)
              .longValueExact());
    }
  }

  private static void messages(Messages asked, Map<BrokerOption, Long> values) {
    if (Boolean.FALSE.equals(asked.retain())) {
      values.put(BrokerOption.RETAIN_AVAILABLE, 0L);
    }
    if (Boolean.TRUE.equals(asked.queueQos0())) {
      values.put(BrokerOption.QUEUE_QOS0_MESSAGES, 1L);
    }
  }

  private static void put(
      Map<BrokerOption, Long> values, BrokerOption option, @Nullable Integer asked) {
    if (asked != null) {
      values.put(option, asked.longValue());
    }
  }

  private static Set<LogType> logTypes(List<io.mqttoperator.api.LogType> asked) {
    var types = EnumSet.of(LogType.ERROR);
    for (var type : asked) {
      switch (type) {
        case NONE -> {}
        case ALL -> types.addAll(EnumSet.allOf(LogType.class));
        case UNKNOWN ->
            throw new IllegalArgumentException(
                "spec.logging.types: this version of the operator does not know one of the values."
                    + " Set others, or run a newer operator.");
        case ERROR, WARNING, NOTICE, INFORMATION, SUBSCRIBE, UNSUBSCRIBE, WEBSOCKETS, DEBUG ->
            types.add(LogType.valueOf(type.name()));
      }
    }
    return types;
  }
}
