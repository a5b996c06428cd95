package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a pod tells of itself below {@code $SYS}, as far as was heard by now. */
final class SysTopics {

  static final String BRIDGE_STATES = "$SYS/broker/connection/+/state";

  /**
   * How many sessions there are, connected ones, and others; told every ten seconds, and retained.
   */
  static final String SESSION_COUNTS = "$SYS/broker/clients/+";

  private static final int KIND_LEVEL = 2;
  private static final int ACCOUNT_LEVEL = 3;
  private static final String ALL = "total";
  private static final String CONNECTED = "connected";
  private static final String AWAY = "disconnected";
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  /** Who has said that its bridge is connected. */
  private final Set<String> bridges = ConcurrentHashMap.newKeySet();

  /** By what is counted. */
  private final Map<String, Integer> sessions = new ConcurrentHashMap<>();

  /** Takes a message of one of the two filters. What is thrown here would end all hearing. */
  void hear(Mqtt5Publish told) {
    var text = new String(told.getPayloadAsBytes(), StandardCharsets.US_ASCII);
    var levels = told.getTopic().getLevels();
    if (levels.get(KIND_LEVEL).equals("clients")) {
      count(levels.getLast(), text);
    } else {
      bridge(levels.get(ACCOUNT_LEVEL), text);
    }
  }

  private void count(String what, String text) {
    var count = count(text);
    if (count == null) {
      sessions.remove(what);
    } else {
      sessions.put(what, count);
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
    var all = sessions.get(ALL);
    var here = sessions.get(CONNECTED);
    return all == null || here == null || all < here
        ? OptionalInt.empty()
        : OptionalInt.of(Math.max(all - here, sessions.getOrDefault(AWAY, 0)));
  }
}
