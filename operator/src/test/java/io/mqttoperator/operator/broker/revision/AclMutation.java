package io.mqttoperator.operator.broker.revision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mistake that what writes the ACL file could make. */
enum AclMutation {
  A_DENY_IS_LOST(first("topic deny .*\n", line -> "")),
  AN_ALLOW_IS_LOST(first("topic (read|write|readwrite) .*\n", line -> "")),
  A_DENY_ALLOWS(first("topic deny .*\n", line -> line.replace("deny", "readwrite"))),
  AN_ALLOW_DENIES(
      first(
          "topic (read|write|readwrite) .*\n",
          line -> line.replaceFirst("read(write)?|write", "deny"))),
  READ_IS_WRITE(first("topic read .*\n", line -> line.replaceFirst("read", "write"))),
  WRITE_IS_READ(first("topic write .*\n", line -> line.replaceFirst("write", "read"))),
  READ_IS_BOTH(first("topic read .*\n", line -> line.replaceFirst("read", "readwrite"))),
  WRITE_IS_BOTH(first("topic write .*\n", line -> line.replaceFirst("write", "readwrite"))),
  BOTH_IS_READ(first("topic readwrite .*\n", line -> line.replaceFirst("readwrite", "read"))),
  BOTH_IS_WRITE(first("topic readwrite .*\n", line -> line.replaceFirst("readwrite", "write"))),
  THE_REST_IS_ONE_LEVEL(first("topic .*/#\n", line -> line.replace("/#\n", "/+\n"))),
  THE_REST_IS_LOST(first("topic .*/#\n", line -> line.replace("/#\n", "\n"))),
  ONE_LEVEL_IS_THE_REST(first("topic .*/\\+\n", line -> line.replace("/+\n", "/#\n"))),
  AN_EMPTY_LEVEL_IS_LOST(first("topic .*[^ /]//+[^/].*\n", line -> line.replaceFirst("//", "/"))),
  LETTERS_ARE_MADE_SMALL(first("topic .*A.*\n", line -> line.replace("A", "a"))),
  A_PLACEHOLDER_STAYS(ofUsers((user, line) -> ofLevel(line, user, "{username}"))),
  A_PLACEHOLDER_IS_ANY_LEVEL(ofUsers((user, line) -> ofLevel(line, user, "+"))),
  A_PLACEHOLDER_IS_THE_NEXT_LEVEL(ofUsers((user, line) -> ofLevel(line, user, user + "/" + user))),
  USERS_ARE_EXCHANGED(AclMutation::exchanged),
  A_SECTION_IS_LOST(first("user [^$].*\n(topic .*\n)+", section -> "")),
  A_SECTION_IS_FOR_NOBODY(AclMutation::withoutName),
  A_USER_GETS_ALL(first("user [^$].*\n", line -> line + "topic readwrite #\n")),
  ANONYMOUS_CLIENTS_GET_ALL(acl -> "topic readwrite #\n" + acl),
  A_PATTERN_IS_FOR_ALL(acl -> acl + "pattern readwrite +/%u/#\npattern readwrite %u\n"),
  THE_SYSTEM_IS_OPEN(first("user [^$].*\n", line -> line + "topic read $SYS/#\n"));

  @FunctionalInterface
  private interface OfUser {
    String change(String user, String line);
  }

  @SuppressWarnings("ImmutableEnumChecker") // a function of its argument alone
  private final UnaryOperator<String> change;

  AclMutation(UnaryOperator<String> change) {
    this.change = change;
  }

  /** The file with the mistake, or the same if it has no place for it. */
  CompiledAccess of(CompiledAccess compiled) {
    return compiled.with(change.apply(compiled.acl()));
  }

  /** No mistake: the lines of each section in another order. */
  static CompiledAccess shuffled(CompiledAccess compiled, long seed) {
    var random = new Random(seed);
    var sections = new StringBuilder();
    for (var section : compiled.acl().split("(?m)(?=^user )", -1)) {
      var lines = new ArrayList<>(section.lines().toList());
      Collections.shuffle(lines.subList(section.startsWith("user ") ? 1 : 0, lines.size()), random);
      lines.forEach(line -> sections.append(line).append('\n'));
    }
    return compiled.with(sections.toString());
  }

  /** Of the lines of users, and of anonymous clients. */
  private static UnaryOperator<String> first(String lines, UnaryOperator<String> change) {
    var pattern = Pattern.compile("(?m)^" + lines);
    return acl -> {
      var parts = parts(acl);
      for (int i : List.of(2, 0)) {
        var changed = pattern.matcher(parts.get(i)).replaceFirst(found -> literal(change, found));
        if (!changed.equals(parts.get(i))) {
          parts.set(i, changed);
          break;
        }
      }
      return String.join("", parts);
    };
  }

  private static String literal(UnaryOperator<String> change, MatchResult found) {
    return Matcher.quoteReplacement(change.apply(found.group()));
  }

  /** Anonymous clients' lines, the operator's, the users', and the rest. */
  private static List<String> parts(String acl) {
    int operator = acl.indexOf("user $mqtt-operator-");
    int watcher = acl.indexOf("user " + CompiledAccess.WATCHER);
    int users =
        Pattern.compile("(?m)^user [^$]")
            .matcher(acl)
            .results()
            .map(MatchResult::start)
            .findFirst()
            .orElse(watcher);
    return new ArrayList<>(
        List.of(
            acl.substring(0, operator),
            acl.substring(operator, users),
            acl.substring(users, watcher),
            acl.substring(watcher)));
  }

  private static UnaryOperator<String> ofUsers(OfUser change) {
    return acl -> {
      var parts = parts(acl);
      var changed = new StringBuilder();
      var user = "";
      for (var line : parts.get(2).lines().toList()) {
        user = line.startsWith("user ") ? line.substring(5) : user;
        changed.append(line.startsWith("user ") ? line : change.change(user, line)).append('\n');
      }
      parts.set(2, changed.toString());
      return String.join("", parts);
    };
  }

  private static String ofLevel(String line, String level, String other) {
    var words = line.split(" ", 3);
    var levels = new ArrayList<>(List.of(words[2].split("/", -1)));
    levels.replaceAll(each -> each.equals(level) ? other : each);
    return words[0] + " " + words[1] + " " + String.join("/", levels);
  }

  private static String exchanged(String acl) {
    var parts = parts(acl);
    var names = parts.get(2).lines().filter(line -> line.startsWith("user ")).toList();
    if (names.size() > 1) {
      var one = names.get(0) + "\n";
      var other = names.get(1) + "\n";
      parts.set(2, parts.get(2).replace(one, "\0").replace(other, one).replace("\0", other));
    }
    return String.join("", parts);
  }

  private static String withoutName(String acl) {
    var parts = parts(acl);
    var section = Pattern.compile("\\Auser .*\n((topic .*\n)+)").matcher(parts.get(2));
    return section.find()
        ? section.group(1) + String.join("", parts).replace(section.group(), "")
        : acl;
  }
}
