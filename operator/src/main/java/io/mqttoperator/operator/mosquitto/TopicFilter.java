package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A topic filter that Mosquitto reads from an ACL line exactly as it is written (MQTT 5 section
 * 4.7), of at most 65,535 bytes of UTF-8 and 201 levels.
 *
 * <p>Of the topics that begin with {@code $} only {@code $SYS} and those below it can be named.
 */
public record TopicFilter(String value) {
  static final int MAX_BYTES = 65_535;

  /** Mosquitto's TOPIC_HIERARCHY_LIMIT: a filter with more separators stops the broker. */
  static final int MAX_SEPARATORS = 200;

  /**
   * @throws IllegalArgumentException with the sentence of {@link #problem}
   */
  public TopicFilter {
    problem(value)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** Says, as a sentence, why a string is not such a filter; empty if it is one. */
  public static Optional<String> problem(String value) {
    return flaw(value).map(flaw -> "The topic filter " + flaw);
  }

  /** Whether this filter names {@code $SYS} or topics below it. */
  public boolean isSystem() {
    return value.startsWith("$");
  }

  /**
   * Whether every topic that {@code other} matches is matched by this filter, too (MQTT 5 section
   * 4.7): {@code #} takes its own level, all below, and the one above it; neither wildcard takes a
   * first level that begins with {@code $}.
   */
  public boolean covers(TopicFilter other) {
    String[] own = value.split("/", -1);
    String[] narrower = other.value.split("/", -1);
    if (other.isSystem() && !own[0].equals(narrower[0])) {
      return false;
    }
    for (int i = 0; i < own.length; i++) {
      if (own[i].equals("#")) {
        return true;
      }
      if (i == narrower.length || narrower[i].equals("#")) {
        return false;
      }
      if (!own[i].equals("+") && !own[i].equals(narrower[i])) {
        return false;
      }
    }
    return own.length == narrower.length;
  }

  @Override
  public String toString() {
    return value;
  }

  /** The predicate of the sentence: what the filter is or has. */
  static Optional<String> flaw(String value) {
    if (value.isEmpty()) {
      return Optional.of("is empty");
    }
    Optional<String> character = MqttString.problem(value);
    if (character.isPresent()) {
      return character;
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("is longer than 65535 bytes");
    }
    if (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1))) {
      return Optional.of(
          "begins or ends with a space, which Mosquitto would cut off: it would grant another"
              + " topic");
    }
    String[] levels = value.split("/", -1);
    return levelFlaw(levels).or(() -> systemFlaw(levels[0]));
  }

  /** Unicode's spaces too: Mosquitto's isspace() depends on the C library's locale. */
  private static boolean isBlank(char character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }

  /** What MQTT 5 section 4.7.1 says of wildcards, and Mosquitto of the number of levels. */
  static Optional<String> levelFlaw(String[] levels) {
    if (levels.length - 1 > MAX_SEPARATORS) {
      return Optional.of("has more than 201 levels, and Mosquitto reads no more");
    }
    for (int i = 0; i < levels.length; i++) {
      String level = levels[i];
      if (level.contains("#") && !(level.equals("#") && i == levels.length - 1)) {
        return Optional.of("has a '#' that is not the whole last level");
      }
      if (level.contains("+") && !level.equals("+")) {
        return Optional.of("has a '+' that is not a whole level");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> systemFlaw(String level) {
    return level.startsWith("$") && !level.equals("$SYS")
        ? Optional.of("begins with '$': of those topics only $SYS and those below it can be read")
        : Optional.empty();
  }
}
