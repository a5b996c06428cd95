package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.AclLine;
import io.mqttoperator.cli.existing.ExistingAcl;
import io.mqttoperator.operator.mosquitto.Right;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes rules of the lines of an ACL file, and says which it does not. */
final class AclMove {

  private static final String OTHERWISE = "Say it by other topics, or go without it";
  private static final String BY_HAND =
      "Write rules that allow the rest, without what the denial covers";
  private static final int NAMED = 3;

  private final ExistingAcl acl;
  private final Set<String> users;
  private final LeftOvers left;

  private final Map<String, List<MovedRule>> own = new LinkedHashMap<>();

  /** By pattern, the users that it is not for, each with the line because of which. */
  private final Map<AclLine, Map<String, AclLine>> except = new LinkedHashMap<>();

  private AclMove(ExistingAcl acl, Collection<String> users, LeftOvers left) {
    this.acl = acl;
    this.users = new LinkedHashSet<>(users);
    this.left = left;
  }

  /**
   * Makes them.
   *
   * @param users those that are carried over
   * @param withAnonymous whether a listener lets in clients without a name
   */
  static MovedAccess of(
      ExistingAcl acl, Collection<String> users, boolean withAnonymous, LeftOvers left) {
    var move = new AclMove(acl, users, left);
    move.users.forEach(move::moveUser);
    acl.users().forEach(move::leaveOutUnlessMoved);
    acl.patterns().forEach(move::leaveOutIfUnsayable);
    var anonymous = move.moveAnonymous(withAnonymous);
    var everybody = new ArrayList<MovedRule>();
    var some = new LinkedHashMap<Set<String>, List<MovedRule>>();
    for (var pattern : acl.patterns()) {
      move.rulePattern(pattern, everybody, some);
    }
    return new MovedAccess(move.own, everybody, some, anonymous);
  }

  private void moveUser(String user) {
    var lines = acl.users().getOrDefault(user, List.of());
    var client = ClientLines.of(Optional.of(user), lines, acl.patterns());
    tellOwn(lines, client);
    own.put(user, rules(client.own()));
    client
        .except()
        .forEach(
            (pattern, because) ->
                except.computeIfAbsent(pattern, any -> new LinkedHashMap<>()).put(user, because));
  }

  /** A pattern that names the user is for nobody without a name; any other is for them too. */
  private List<MovedRule> moveAnonymous(boolean withAnonymous) {
    if (!withAnonymous) {
      acl.anonymous()
          .forEach(
              line ->
                  left.needNot(
                      line.place(),
                      describe("topic", line),
                      "it is for clients without a name, and no listener takes them"));
      return List.of();
    }
    var patterns =
        acl.patterns().stream().filter(line -> !MovedTopic.namesUser(line.filter())).toList();
    var client = ClientLines.of(Optional.empty(), acl.anonymous(), patterns);
    tellOwn(acl.anonymous(), client);
    var rules = rules(client.own());
    for (var pattern : patterns) {
      var because = client.except().get(pattern);
      if (because != null) {
        tellExcept(pattern, "clients without a name", because);
      } else if (MovedTopic.patternProblem(pattern.filter()).isEmpty()) {
        rule(pattern).ifPresent(rules::add);
      }
    }
    return rules;
  }

  private void tellOwn(List<AclLine> lines, ClientLines client) {
    for (var line : lines) {
      MovedTopic.problem(line.filter()).ifPresent(why -> tellUnsayable("topic", line, why));
    }
    client.own().forEach(line -> tellOfSystem("topic", line));
    client
        .narrowed()
        .forEach(
            (line, denial) ->
                left.leaveOut(
                    line.place(),
                    describe("topic", line),
                    "the denial at %s narrows it, and is not carried over"
                        .formatted(denial.place()),
                    BY_HAND));
  }

  private void leaveOutUnlessMoved(String user, List<AclLine> lines) {
    if (!users.contains(user) && !lines.isEmpty()) {
      left.leaveOut(
          lines.getFirst().place(),
          "user %s, with its lines: %d".formatted(user, lines.size()),
          "no user of this name is carried over",
          "Make an MqttUser and an MqttAcl for it, if it is one that connects");
    }
  }

  private void leaveOutIfUnsayable(AclLine pattern) {
    MovedTopic.patternProblem(pattern.filter())
        .ifPresentOrElse(
            why -> tellUnsayable("pattern", pattern, why), () -> tellOfSystem("pattern", pattern));
  }

  private void tellUnsayable(String keyword, AclLine line, String why) {
    var what = describe(keyword, line);
    if (line.isDeny() && line.filter().startsWith("$")) {
      left.needNot(line.place(), what, "no rule can allow such a topic");
    } else if (line.filter().startsWith("$share/")) {
      left.needNot(line.place(), what, why);
    } else if (line.isDeny()) {
      left.leaveOut(line.place(), what, why, "The lines that it narrows are left out with it");
    } else {
      left.leaveOut(line.place(), what, why, OTHERWISE);
    }
  }

  /**
   * Below {@code $SYS} Mosquitto lets nobody publish but bridges, which say that they are there.
   */
  private void tellOfSystem(String keyword, AclLine line) {
    if (line.filter().startsWith("$") && line.right() == Right.WRITE) {
      left.leaveOut(
          line.place(),
          describe(keyword, line),
          "topics below $SYS are to subscribe only; Mosquitto takes the states of bridges alone",
          "");
    }
  }

  private void rulePattern(
      AclLine pattern, List<MovedRule> everybody, Map<Set<String>, List<MovedRule>> some) {
    var rule =
        MovedTopic.patternProblem(pattern.filter()).isEmpty()
            ? rule(pattern)
            : Optional.<MovedRule>empty();
    var without = except.getOrDefault(pattern, Map.of());
    if (rule.isEmpty()) {
      return;
    }
    if (without.isEmpty()) {
      everybody.add(rule.get());
      return;
    }
    tellExcept(pattern, names(without.keySet()), without.values().iterator().next());
    var others = new LinkedHashSet<>(users);
    others.removeAll(without.keySet());
    if (!others.isEmpty()) {
      some.computeIfAbsent(others, any -> new ArrayList<>()).add(rule.get());
      left.change(
          pattern.place(),
          describe("pattern", pattern),
          "it is carried over for each of the other %d users by name".formatted(others.size()),
          "Users that come later need it in an MqttAcl of their own");
    }
  }

  private void tellExcept(AclLine pattern, String whom, AclLine because) {
    if (pattern.isDeny()) {
      left.leaveOut(
          pattern.place(),
          describe("pattern", pattern),
          "not for %s: their own lines (%s) win over it in Mosquitto, and would lose against a Deny"
              .formatted(whom, because.place()),
          "The lines that it narrows are left out for them with it");
    } else {
      left.leaveOut(
          pattern.place(),
          describe("pattern", pattern),
          "not for %s: the denial at %s narrows it, and is not carried over for them"
              .formatted(whom, because.place()),
          BY_HAND);
    }
  }

  private static String names(Set<String> users) {
    var first = String.join(", ", users.stream().limit(NAMED).toList());
    return users.size() <= NAMED ? first : first + " and %d more".formatted(users.size() - NAMED);
  }

  private static List<MovedRule> rules(List<AclLine> lines) {
    var rules = new ArrayList<MovedRule>();
    lines.forEach(line -> rule(line.right(), line.filter()).ifPresent(rules::add));
    return rules;
  }

  private static Optional<MovedRule> rule(AclLine pattern) {
    return rule(pattern.right(), MovedTopic.template(pattern.filter()));
  }

  private static Optional<MovedRule> rule(Right right, String topic) {
    if (!topic.startsWith("$") || right == Right.DENY) {
      return Optional.of(new MovedRule(right, topic));
    }
    return right == Right.WRITE ? Optional.empty() : Optional.of(new MovedRule(Right.READ, topic));
  }

  private static String describe(String keyword, AclLine line) {
    return "%s %s %s"
        .formatted(keyword, line.right().name().toLowerCase(Locale.ROOT), line.filter());
  }
}
