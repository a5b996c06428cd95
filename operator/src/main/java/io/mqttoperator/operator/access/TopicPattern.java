package io.mqttoperator.operator.access;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of topics, level by level: MQTT 5 section 4.7, and the placeholders of rules. A placeholder
 * is the client's own name as it is: it can be no wildcard and no second level, whatever it holds.
 */
public record TopicPattern(List<Level> levels) {

  /** What stands between two separators. */
  sealed interface Level {
    /** This and no other. */
    record Name(String text) implements Level {}

    /** {@code +}: any one. */
    record One() implements Level {}

    /** {@code #}, the last: any number of levels, none as well. */
    record Rest() implements Level {}

    /** {@code {username}} of a client that has none: no topic has such a level. */
    record Nobody() implements Level {}
  }

  public TopicPattern {
    levels = List.copyOf(levels);
  }

  /** A filter as a client subscribes to it: braces are characters like others. */
  public static TopicPattern of(String filter) {
    return new TopicPattern(Arrays.stream(filter.split("/", -1)).map(TopicPattern::plain).toList());
  }

  /**
   * A rule's topic, for one client.
   *
   * @param namespace of the ACL
   */
  static TopicPattern of(String topic, Client client, String namespace) {
    return new TopicPattern(
        Arrays.stream(topic.split("/", -1))
            .map(
                level ->
                    switch (level) {
                      case "{username}" -> username(client);
                      case "{namespace}" -> new Level.Name(namespaceOf(client, namespace));
                      default -> plain(level);
                    })
            .toList());
  }

  private static Level plain(String level) {
    return switch (level) {
      case "+" -> new Level.One();
      case "#" -> new Level.Rest();
      default -> new Level.Name(level);
    };
  }

  private static Level username(Client client) {
    return switch (client) {
      case Client.User user -> new Level.Name(user.username());
      case Client.Anonymous anonymous -> new Level.Nobody();
    };
  }

  private static String namespaceOf(Client client, String acls) {
    return switch (client) {
      case Client.User user -> user.namespace();
      case Client.Anonymous anonymous -> acls;
    };
  }

  /** Whether a topic, without wildcards, is in the set. */
  public boolean covers(String topic) {
    var names = topic.split("/", -1);
    // Of a server's own topics (MQTT 5, 4.7.2) none is covered by a wildcard in its place.
    if (topic.startsWith("$") && !(levels.getFirst() instanceof Level.Name)) {
      return false;
    }
    for (int i = 0; i < levels.size(); i++) {
      if (levels.get(i) instanceof Level.Rest) {
        return true;
      }
      if (i == names.length || !permits(levels.get(i), names[i])) {
        return false;
      }
    }
    return levels.size() == names.length;
  }

  /** Whether a level can be this name. */
  static boolean permits(Level level, String name) {
    return switch (level) {
      case Level.Name exactly -> exactly.text().equals(name);
      case Level.One one -> true;
      case Level.Rest rest -> true;
      case Level.Nobody nobody -> false;
    };
  }

  /** With the placeholders filled in, as a topic filter is written. */
  @Override
  public String toString() {
    return levels.stream()
        .map(
            level ->
                switch (level) {
                  case Level.Name name -> name.text();
                  case Level.One one -> "+";
                  case Level.Rest rest -> "#";
                  case Level.Nobody nobody -> "{username}";
                })
        .collect(Collectors.joining("/"));
  }
}
