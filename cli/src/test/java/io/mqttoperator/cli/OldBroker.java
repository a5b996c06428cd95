package io.mqttoperator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what on a Mosquitto, said once more and apart from what is tested: the order in which
 * acl_check.c tries the lines of an ACL file.
 *
 * @param lines of the file, from its first
 * @param replacesParts whether {@code %u} is replaced within a level too, as in 2.0; in 2.1 a line
 *     with such a one covers nothing
 */
record OldBroker(List<Line> lines, boolean replacesParts) {

  /**
   * One line.
   *
   * @param user whose section it is in; empty: before any section
   * @param access read, write, readwrite or deny
   */
  record Line(int number, Optional<String> user, boolean isPattern, String access, String filter) {
    @Override
    public String toString() {
      return (isPattern ? "pattern " : "topic ") + access + " " + filter;
    }
  }

  /** The line that allows it; empty if none does. */
  Optional<Line> allowing(Optional<String> user, String clientId, boolean write, String topic) {
    var own = lines.stream().filter(line -> !line.isPattern() && line.user().equals(user)).toList();
    var patterns =
        lines.stream()
            .filter(Line::isPattern)
            .filter(line -> user.isPresent() || !line.filter().contains("%u"))
            .toList();
    for (var section : List.of(own, patterns)) {
      if (section.stream().anyMatch(line -> isDeny(line) && covers(line, user, clientId, topic))) {
        return Optional.empty();
      }
      var allowing =
          section.stream()
              .filter(line -> !isDeny(line) && allows(line, write))
              .filter(line -> covers(line, user, clientId, topic))
              .findFirst();
      if (allowing.isPresent()) {
        // Whatever the lines say (acl__check_dollar).
        return allowing
            .filter(line -> !(write && topic.startsWith("$SYS")))
            .filter(line -> !topic.startsWith("$share"));
      }
    }
    return Optional.empty();
  }

  private static boolean isDeny(Line line) {
    return line.access().equals("deny");
  }

  private static boolean allows(Line line, boolean write) {
    return line.access().contains(write ? "write" : "read");
  }

  private boolean covers(Line line, Optional<String> user, String clientId, String topic) {
    var filter = line.filter();
    if (line.isPattern()) {
      for (var level : filter.split("/", -1)) {
        var isPart = level.length() > 2 && (level.contains("%u") || level.contains("%c"));
        if (isPart && !replacesParts) {
          return false;
        }
      }
      filter = filter.replace("%c", clientId).replace("%u", user.orElse("%u"));
    }
    return covers(levels(filter), levels(topic))
        && (filter.charAt(0) == '$') == (topic.charAt(0) == '$');
  }

  private static List<String> levels(String topic) {
    return new ArrayList<>(List.of(topic.split("/", -1)));
  }

  private static boolean covers(List<String> filter, List<String> topic) {
    if (filter.isEmpty() || topic.isEmpty()) {
      return filter.equals(topic) || filter.equals(List.of("#"));
    }
    return switch (filter.getFirst()) {
      case "#" -> true;
      case "+" -> covers(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
      default ->
          filter.getFirst().equals(topic.getFirst())
              && covers(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    };
  }
}
