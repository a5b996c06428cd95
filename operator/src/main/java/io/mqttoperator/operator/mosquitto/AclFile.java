package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sections {@code user <name>} with their {@code topic} lines, sorted by name: a shard of
 * Mosquitto's ACL file.
 *
 * <p>There is no {@code pattern} line, which would also cover anonymous clients and unknown names.
 * A user without entries has no section: with an ACL file that has any line, Mosquitto allows such
 * a user nothing (acl_check.c). Each section is whole, so a shard means the same wherever it
 * stands.
 */
public record AclFile(SortedMap<Username, List<AclEntry>> sections) {
  private static final String NAME = "The ACL file";
  private static final String USER = "user ";

  public AclFile {
    var merged = new TreeMap<Username, List<AclEntry>>();
    sections.forEach(
        (name, entries) -> {
          if (!entries.isEmpty()) {
            merged.put(name, AclEntry.merged(entries));
          }
        });
    sections = Sorted.copyOf(merged);
  }

  public byte[] render() {
    return TextFile.render(
        sections.entrySet().stream()
            .flatMap(section -> lines(section.getKey(), section.getValue()).stream())
            .toList());
  }

  /**
   * Reads the file back.
   *
   * @throws IllegalArgumentException if the bytes are not what {@link #render} writes
   */
  public static AclFile parse(byte[] content) {
    List<String> lines = TextFile.parse(NAME, content);
    var sections = new TreeMap<Username, List<AclEntry>>();
    List<AclEntry> current = List.of();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      try {
        if (line.startsWith(USER)) {
          current = new ArrayList<>();
          if (sections.put(new Username(line.substring(USER.length())), current) != null) {
            throw new IllegalArgumentException("The user has a section already");
          }
        } else if (sections.isEmpty()) {
          throw new IllegalArgumentException(
              "A line before any user would be for anonymous clients");
        } else {
          current.add(entry(line));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d: %s".formatted(NAME, i + 1, e.getMessage()), e);
      }
    }
    var file = new AclFile(sections);
    TextFile.requireCanonical(NAME, content, file.render());
    return file;
  }

  static List<String> lines(Username name, List<AclEntry> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    var lines = new ArrayList<String>(entries.size() + 1);
    lines.add(USER + name.value());
    entries.forEach(entry -> lines.add(entry.line()));
    return lines;
  }

  /**
   * Reads a line {@code topic <access> <filter>}.
   *
   * @throws IllegalArgumentException if it is another
   */
  static AclEntry entry(String line) {
    String[] words = line.split(" ", 3);
    if (words.length < 3 || !words[0].equals("topic")) {
      throw new IllegalArgumentException("The line is not 'topic', an access word and a filter");
    }
    for (Right right : Right.values()) {
      if (right.word().equals(words[1])) {
        return new AclEntry(right, new TopicFilter(words[2]));
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not an access word".formatted(words[1].toLowerCase(Locale.ROOT)));
  }
}
