package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.AclLine;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which lines of an ACL file are carried over for one client, so that it may do no more than
 * before.
 *
 * <p>Mosquitto asks a client's own lines first, denials before the others, and the patterns only if
 * none of these decides, again denials first (plugins/acl-file/acl_check.c). Of ours a Deny wins
 * over every Allow. So a pattern's denial is for those whose own lines allow nothing that it
 * covers; and where a denial is lost, so are the lines that it narrowed.
 *
 * @param own lines of its own that are carried over
 * @param narrowed lines of its own that are not, each with the lost denial that narrowed it
 * @param except patterns that are not for this client, each with the line because of which
 */
record ClientLines(
    List<AclLine> own, Map<AclLine, AclLine> narrowed, Map<AclLine, AclLine> except) {

  /**
   * Decides.
   *
   * @param username empty for clients without a name
   * @param lines its own
   * @param patterns those that are for it
   */
  static ClientLines of(Optional<String> username, List<AclLine> lines, List<AclLine> patterns) {
    var client = new Deciding(username, denials(lines));
    var lost = new LinkedHashMap<String, AclLine>();
    lines.stream()
        .filter(line -> line.isDeny() && MovedTopic.problem(line.filter()).isPresent())
        .forEach(line -> lost.put(line.filter(), line));
    var own = new ArrayList<AclLine>();
    var narrowed = new LinkedHashMap<AclLine, AclLine>();
    for (var line : lines) {
      if (MovedTopic.problem(line.filter()).isEmpty()) {
        var by = line.isDeny() ? Optional.<AclLine>empty() : client.narrowing(lost, line.filter());
        by.ifPresentOrElse(denial -> narrowed.put(line, denial), () -> own.add(line));
      }
    }
    var except = new LinkedHashMap<AclLine, AclLine>();
    client.lost(own, patterns, except).forEach(lost::putIfAbsent);
    for (var pattern : patterns) {
      if (!pattern.isDeny()) {
        client
            .narrowing(lost, MovedTopic.widest(pattern.filter(), username))
            .ifPresent(denial -> except.put(pattern, denial));
      }
    }
    return new ClientLines(own, narrowed, except);
  }

  private static List<TopicFilter> denials(List<AclLine> lines) {
    return lines.stream()
        .filter(line -> line.isDeny() && MovedTopic.problem(line.filter()).isEmpty())
        .map(line -> new TopicFilter(line.filter()))
        .toList();
  }

  /**
   * The client in question.
   *
   * @param denials of its own, which are carried over: what they cover is denied whatever else is
   */
  private record Deciding(Optional<String> username, List<TopicFilter> denials) {

    /** The denials among patterns that are not carried over for this client, by what they cover. */
    private Map<String, AclLine> lost(
        List<AclLine> own, List<AclLine> patterns, Map<AclLine, AclLine> except) {
      var lost = new LinkedHashMap<String, AclLine>();
      for (var denial : patterns.stream().filter(AclLine::isDeny).toList()) {
        var widest = MovedTopic.widest(denial.filter(), username);
        if (MovedTopic.patternProblem(denial.filter()).isPresent()) {
          lost.put(widest, denial);
        } else {
          own.stream()
              .filter(line -> !line.isDeny() && overlap(line.filter(), widest))
              .findFirst()
              .ifPresent(
                  allow -> {
                    lost.put(widest, denial);
                    except.put(denial, allow);
                  });
        }
      }
      return lost;
    }

    private Optional<AclLine> narrowing(Map<String, AclLine> lost, String filter) {
      return lost.entrySet().stream()
          .filter(line -> overlap(line.getKey(), filter))
          .map(Map.Entry::getValue)
          .findFirst();
    }

    private boolean overlap(String one, String other) {
      return TopicOverlap.existsBeside(one, other, denials);
    }
  }
}
