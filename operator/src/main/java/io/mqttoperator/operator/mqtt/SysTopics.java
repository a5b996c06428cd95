package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod tells of itself below {@code $SYS}, as far as was heard by now. */
final class SysTopics {

  static final String BRIDGE_STATES = "$SYS/broker/connection/+/state";

  /** Mosquitto's own count of what {@link #sessionsAway} is about; the two may differ. */
  private static final String AWAY = "$SYS/broker/clients/disconnected";

  private static final int ACCOUNT_LEVEL = 3;
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  /** All that is worth hearing. */
  static final List<String> FILTERS =
      Stream.concat(
              Stream.of(BRIDGE_STATES, AWAY),
              Arrays.stream(BrokerFigure.values()).map(BrokerFigure::topic))
          .toList();

  /** Who has said that its bridge is connected. */
  private final Set<String> bridges = ConcurrentHashMap.newKeySet();

  private final Map<BrokerFigure, Long> figures = new ConcurrentHashMap<>();
  private volatile int away;

  /** Takes a message of one of the filters. What is thrown here would end all hearing. */
  void hear(Mqtt5Publish told) {
    var text = new String(told.getPayloadAsBytes(), StandardCharsets.US_ASCII);
    var topic = told.getTopic();
    var figure = BrokerFigure.ofTopic(topic.toString());
    if (figure != null) {
      figure
          .read(text)
          .ifPresentOrElse(value -> figures.put(figure, value), () -> figures.remove(figure));
    } else if (topic.toString().equals(AWAY)) {
      away = Objects.requireNonNullElse(count(text), 0);
    } else {
      bridge(topic.getLevels().get(ACCOUNT_LEVEL), text);
    }
  }

  /**
   * A count of Mosquitto 2.1.2 may pass below zero after restarts: 4294967295 was seen. The reason
   * is not known.
   */
  static @Nullable Integer count(String told) {
    return COUNT.matcher(told).matches() ? Integer.valueOf(told) : null;
  }

  /** Retained: 1 while a bridge is connected to this broker, 0 by its will when it no longer is. */
  private void bridge(String account, String state) {
    if (state.equals("1")) {
      bridges.add(account);
    } else {
      bridges.remove(account);
    }
  }

  /** The accounts of the bridges that are connected. */
  Set<String> bridges() {
    return Set.copyOf(bridges);
  }

  /**
   * The sessions whose client is not connected, the more of two counts that Mosquitto keeps; empty
   * before it has told, and where the counts do not agree with each other.
   */
  OptionalInt sessionsAway() {
    var all = figures.get(BrokerFigure.SESSIONS);
    var here = figures.get(BrokerFigure.CLIENTS_CONNECTED);
    return all == null || here == null || all < here
        ? OptionalInt.empty()
        : OptionalInt.of(Math.max(Math.toIntExact(all - here), away));
  }

  /** What was heard of by now. */
  Map<BrokerFigure, Long> figures() {
    return Map.copyOf(figures);
  }
}
