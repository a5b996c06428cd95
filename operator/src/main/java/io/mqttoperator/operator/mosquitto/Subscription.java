package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a client asks for with SUBSCRIBE: a topic filter, alone or for a group that shares the
 * messages ({@code $share/<group>/<filter>}, MQTT 5 section 4.8.2).
 *
 * @param group empty where the client subscribes for itself
 */
public record Subscription(Optional<String> group, String filter) {
  private static final String SHARED = "$share/";

  /**
   * Reads what a client sends.
   *
   * @throws IllegalArgumentException with the sentence of {@link #problem}
   */
  public static Subscription of(String value) {
    problem(value)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    if (!value.startsWith(SHARED)) {
      return new Subscription(Optional.empty(), value);
    }
    int end = value.indexOf('/', SHARED.length());
    return new Subscription(
        Optional.of(value.substring(SHARED.length(), end)), value.substring(end + 1));
  }

  /** Says, as a sentence, why a client that asks for it is disconnected; empty if it is not. */
  public static Optional<String> problem(String value) {
    return flaw(value).map(flaw -> "The filter " + flaw);
  }

  private static Optional<String> flaw(String value) {
    String filter = value;
    if (value.startsWith(SHARED) || value.equals("$share")) {
      int end = value.indexOf('/', SHARED.length());
      if (end <= SHARED.length() || end == value.length() - 1) {
        return Optional.of("is shared, and not $share/, a group, / and a filter");
      }
      String group = value.substring(SHARED.length(), end);
      if (group.contains("+") || group.contains("#")) {
        return Optional.of("has a group with '+' or '#'");
      }
      filter = value.substring(end + 1);
    }
    if (filter.isEmpty()) {
      return Optional.of("is empty");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > TopicFilter.MAX_BYTES) {
      return Optional.of("is longer than 65535 bytes");
    }
    return MqttString.problem(value).or(() -> TopicFilter.levelFlaw(value.split("/", -1)));
  }
}
