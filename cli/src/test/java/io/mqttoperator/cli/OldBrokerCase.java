package io.mqttoperator.cli;

import io.mqttoperator.cli.OldBroker.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of a Mosquitto, given by a number alone, made so that little decides: few names, shared
 * prefixes, denials beside what they narrow.
 *
 * @param acl the lines of the ACL file, each with its number there; empty: there is no such file
 * @param users who can log in, by the password file
 * @param anonymous whether clients without a name are let in
 * @param topics to ask about
 */
record OldBrokerCase(
    String configuration,
    String passwords,
    String aclText,
    Optional<List<Line>> acl,
    Set<String> users,
    boolean anonymous,
    Set<String> topics) {

  private static final String HASH = "$7$101$" + "A".repeat(16) + "$" + "B".repeat(85) + "A==";

  private static final List<String> NAMES =
      List.of("alice", "bob", "Bob", "bob.", "carol@site-1", "dave smith", "alice");

  private static final List<String> LEVELS =
      List.of(
          "a",
          "a",
          "a",
          "b",
          "b",
          "alice",
          "bob",
          "%u",
          "",
          "on",
          "é",
          "a b",
          "{username}",
          "{username}");

  private static final List<String> PATTERN_LEVELS =
      List.of("a", "a", "b", "%u", "%u", "%u", "alice", "%c", "x-%u", "");

  private static final List<String> ACCESS = List.of("read", "write", "readwrite", "deny", "deny");

  private static final List<String> OTHERS =
      List.of("$SYS/#", "$SYS/broker/+", "$SYS", "$share/g/a", "$x/a", "#", "#", "+", "a/#", "+/+");

  static OldBrokerCase of(int number) {
    return new Making(new Random(number)).make();
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("mosquitto.conf"), configuration);
    Files.writeString(folder.resolve("passwords"), passwords);
    Files.writeString(folder.resolve("acl"), aclText);
  }

  /** The work on one case. */
  private record Making(Random random) {

    OldBrokerCase make() {
      var users = new TreeSet<String>();
      var passwords = passwords(users);
      var lines = new ArrayList<Line>();
      var text = new StringBuilder("# who may do what\n");
      acl(lines, text);
      var hasAcl = chance(90);
      var anonymous = chance(50);
      return new OldBrokerCase(
          configuration(hasAcl, anonymous),
          passwords,
          text.toString(),
          hasAcl ? Optional.of(lines) : Optional.empty(),
          users,
          anonymous,
          topics(lines));
    }

    private String configuration(boolean hasAcl, boolean anonymous) {
      var own = "password_file passwords\n" + (hasAcl ? "acl_file acl\n" : "");
      return chance(50)
          ? own + "allow_anonymous %s\nlistener 1883\n".formatted(anonymous)
          : "per_listener_settings true\nlistener 1883\n%sallow_anonymous %s\n"
              .formatted(own, anonymous);
    }

    private String passwords(Set<String> users) {
      var text = new StringBuilder();
      var names = new LinkedHashSet<String>();
      for (int i = 0; i < 2 + random.nextInt(3); i++) {
        names.add(one(NAMES));
      }
      for (var name : names) {
        text.append(name).append(':').append(chance(90) ? HASH : "$6$AAAA$AAAA").append('\n');
        users.add(name);
      }
      return text.toString();
    }

    private void acl(List<Line> lines, StringBuilder text) {
      var user = Optional.<String>empty();
      int number = 1;
      for (int i = 0; i < 2 + random.nextInt(9); i++) {
        number++;
        if (chance(30)) {
          user = Optional.of(one(NAMES));
          text.append("user ").append(user.get()).append('\n');
          continue;
        }
        var isPattern = chance(40);
        var line = new Line(number, user, isPattern, one(ACCESS), filter(isPattern));
        lines.add(line);
        text.append(line).append('\n');
      }
    }

    private String filter(boolean isPattern) {
      if (chance(15)) {
        return one(OTHERS);
      }
      var levels = new ArrayList<String>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        levels.add(chance(20) ? "+" : one(isPattern ? PATTERN_LEVELS : LEVELS));
      }
      if (levels.equals(List.of(""))) {
        levels.set(0, "a");
      }
      return String.join("/", levels) + (chance(30) ? "/#" : "");
    }

    private Set<String> topics(List<Line> lines) {
      var topics = new TreeSet<String>();
      topics.add("$SYS/broker/uptime");
      topics.add("$SYS");
      for (var line : lines) {
        for (int i = 0; i < 3; i++) {
          topics.add(near(line.filter()));
        }
      }
      topics.removeIf(String::isEmpty);
      return topics;
    }

    private String near(String filter) {
      var levels = new ArrayList<String>();
      for (var level : filter.split("/", -1)) {
        switch (level) {
          case "#" -> {
            if (chance(60)) {
              levels.add(plain());
            }
          }
          case "+" -> levels.add(plain());
          default ->
              levels.add(
                  chance(90) ? level.replace("%u", one(NAMES)).replace("%c", "c1") : plain());
        }
      }
      return String.join("/", levels);
    }

    private String plain() {
      return one(List.of("a", "b", "alice", "bob", "Bob", "c1", "x-alice", ""));
    }

    private boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }
  }
}
