package io.mqttoperator.operator.broker;

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
    var logging = Optional.ofNullable(spec.logging());
    return new BrokerOptions(
        values,
        logging
            .map(Logging::types)
            .map(AskedOptions::logTypes)
            .orElse(BrokerOptions.NONE.logTypes()),
        logging.map(Logging::connections).orElse(true));
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
          CertificateSettings.duration(asked.sessionExpiry(), "0s").toSeconds());
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
