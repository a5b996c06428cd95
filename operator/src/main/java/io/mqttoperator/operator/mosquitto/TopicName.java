package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A topic that a message can have: no wildcard, 1 to 65,535 bytes of UTF-8 and at most 201 levels
 * (MQTT 5 section 4.7; TOPIC_HIERARCHY_LIMIT of Mosquitto, which disconnects who publishes to
 * another).
 */
public record TopicName(String value) {

  /**
   * @throws IllegalArgumentException with the sentence of {@link #problem}
   */
  public TopicName {
    problem(value)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** Says, as a sentence, why a string is not such a topic; empty if it is one. */
  public static Optional<String> problem(String value) {
    return flaw(value).map(flaw -> "The topic " + flaw);
  }

  private static Optional<String> flaw(String value) {
    if (value.isEmpty()) {
      return Optional.of("is empty");
    }
    if (value.contains("+") || value.contains("#")) {
      return Optional.of("holds '+' or '#': a message has one topic, without wildcards");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > TopicFilter.MAX_BYTES) {
      return Optional.of("is longer than 65535 bytes");
    }
    if (value.chars().filter(character -> character == '/').count() > TopicFilter.MAX_SEPARATORS) {
      return Optional.of("has more than 201 levels, and Mosquitto reads no more");
    }
    return MqttString.problem(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
