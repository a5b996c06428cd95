package io.mqttoperator.operator.mqtt;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A number that Mosquitto 2.1 tells of itself below {@code $SYS/broker/}, every ten seconds where
 * it has changed, and retained. Those that it counts since its start begin at 0 again with it.
 */
public enum BrokerFigure {
  CLIENTS_CONNECTED("clients/connected"),
  /** Sessions, those of clients that are connected too. */
  SESSIONS("clients/total"),
  /** Sessions that have ended by their expiry, since the start. */
  SESSIONS_EXPIRED("clients/expired"),
  /** Open sockets: of those who have not logged in (yet), too. */
  SOCKETS("connections/socket/count"),
  BYTES_RECEIVED("bytes/received"),
  BYTES_SENT("bytes/sent"),
  /** What Mosquitto calls messages here are MQTT packets of any type. */
  PACKETS_RECEIVED("messages/received"),
  PACKETS_SENT("messages/sent"),
  PUBLISHED("publish/messages/received"),
  DELIVERED("publish/messages/sent"),
  /** For a full queue, since the start. */
  DROPPED("publish/messages/dropped"),
  RETAINED("retained messages/count"),
  STORED("store/messages/count"),
  STORED_BYTES("store/messages/bytes"),
  SUBSCRIPTIONS("subscriptions/count"),
  SHARED_SUBSCRIPTIONS("shared_subscriptions/count"),
  HEAP_BYTES("heap/current"),
  /** The most since the start. */
  HEAP_MAX_BYTES("heap/maximum"),
  /** Packets that wait to be sent. */
  SEND_QUEUE("packet/out/count"),
  SEND_QUEUE_BYTES("packet/out/bytes"),
  UPTIME_SECONDS("uptime");

  private static final String PREFIX = "$SYS/broker/";

  /** "312 seconds" is the only one with a unit. */
  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,15})( seconds)?");

  /**
   * A count that passed below zero, as an unsigned number of 32 bits: 4294967295 was seen of
   * Mosquitto 2.1.2 after restarts. No count comes near it; bytes do.
   */
  private static final long LEAST_BELOW_ZERO = 0x8000_0000L;

  private static final Map<String, BrokerFigure> BY_TOPIC =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(BrokerFigure::topic, Function.identity()));

  private final String topic;

  BrokerFigure(String topic) {
    this.topic = PREFIX + topic;
  }

  String topic() {
    return topic;
  }

  /** Whether it only grows while a Mosquitto runs. */
  public boolean isCounter() {
    return switch (this) {
      case SESSIONS_EXPIRED,
          BYTES_RECEIVED,
          BYTES_SENT,
          PACKETS_RECEIVED,
          PACKETS_SENT,
          PUBLISHED,
          DELIVERED,
          DROPPED ->
          true;
      default -> false;
    };
  }

  static @Nullable BrokerFigure ofTopic(String topic) {
    return BY_TOPIC.get(topic);
  }

  /** Reads what was told; empty if it is no number that can be. */
  OptionalLong read(String told) {
    var number = NUMBER.matcher(told);
    if (!number.matches()) {
      return OptionalLong.empty();
    }
    long value = Long.parseLong(number.group(1));
    boolean isCountOfThings = !isCounter() && !name().endsWith("_BYTES") && this != UPTIME_SECONDS;
    return isCountOfThings && value >= LEAST_BELOW_ZERO
        ? OptionalLong.empty()
        : OptionalLong.of(value);
  }
}
