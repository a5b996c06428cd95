package io.mqttoperator.cli.moving;

import io.mqttoperator.operator.mosquitto.TopicTemplate;
import java.util.Optional;

/** The topic of an ACL line, as a rule of an MqttAcl says it. */
final class MovedTopic {

  private static final String USER = "%u";
  private static final String CLIENT = "%c";
  private static final String PLACEHOLDER = "{username}";

  private MovedTopic() {}

  /** Why a rule cannot name the topic of a {@code topic} line; empty if it can. */
  static Optional<String> problem(String filter) {
    if (filter.startsWith("$share/")) {
      return Optional.of(
          "no message has such a topic, so Mosquitto never used the line: rights of a shared"
              + " subscription are those of its filter");
    }
    if (filter.indexOf('{') >= 0 || filter.indexOf('}') >= 0) {
      return Optional.of("a rule takes { and } for placeholders only");
    }
    return form(filter);
  }

  private static Optional<String> form(String template) {
    return TopicTemplate.problem(template)
        .map(problem -> Character.toLowerCase(problem.charAt(0)) + problem.substring(1));
  }

  /** The same for a {@code pattern} line. */
  static Optional<String> patternProblem(String filter) {
    if (filter.contains(CLIENT)) {
      return Optional.of(
          "a rule knows no client id, which a client chooses for itself: only {username}");
    }
    for (var level : filter.split("/", -1)) {
      if (level.contains(USER) && !level.equals(USER)) {
        return Optional.of("{username} is a whole level, and %u is a part of one here");
      }
    }
    return problem(filter).or(() -> form(template(filter)));
  }

  /** As a rule writes it: {@code %u} becomes {@code {username}}. */
  static String template(String pattern) {
    return pattern.replace(USER, PLACEHOLDER);
  }

  static boolean namesUser(String pattern) {
    return pattern.contains(USER);
  }

  /**
   * A filter that covers at least what a pattern covers for a user, whatever its client id is: that
   * may hold slashes.
   */
  static String widest(String pattern, Optional<String> username) {
    var levels = new StringBuilder();
    for (var level : pattern.split("/", -1)) {
      if (level.contains(CLIENT)) {
        return levels.append('#').toString();
      }
      levels.append(username.map(name -> level.replace(USER, name)).orElse(level)).append('/');
    }
    return levels.substring(0, levels.length() - 1);
  }
}
