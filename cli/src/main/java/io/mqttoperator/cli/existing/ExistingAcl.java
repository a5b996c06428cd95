package io.mqttoperator.cli.existing;

import io.mqttoperator.operator.mosquitto.Right;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An ACL file, read as Mosquitto 2 reads it (plugins/acl-file/acl_parse.c).
 *
 * @param anonymous the lines before the first section: for clients without a name, and for no other
 * @param users the lines of each user's sections, in the order of the file
 * @param patterns those for everybody, of whom a user's own lines are asked first
 */
public record ExistingAcl(
    List<AclLine> anonymous, Map<String, List<AclLine>> users, List<AclLine> patterns) {

  /** MQTT 5 section 4.7.1: a wildcard fills a whole level, and {@code #} is the last. */
  private static final Pattern MISPLACED_WILDCARD = Pattern.compile("[^/][+#]|[+#][^/]|#/");

  public ExistingAcl {
    anonymous = List.copyOf(anonymous);
    var copies = new LinkedHashMap<String, List<AclLine>>();
    users.forEach((user, lines) -> copies.put(user, List.copyOf(lines)));
    users = Collections.unmodifiableMap(copies);
    patterns = List.copyOf(patterns);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if Mosquitto would not start with it: what its other lines
   *     mean is then nobody's to guess
   */
  public static ExistingAcl read(Path path) throws IOException {
    return of(SourceFile.read(path));
  }

  static ExistingAcl of(SourceFile file) {
    var anonymous = new ArrayList<AclLine>();
    Map<String, List<AclLine>> users = new LinkedHashMap<>();
    var patterns = new ArrayList<AclLine>();
    List<AclLine> section = anonymous;
    for (int i = 0; i < file.lines().size(); i++) {
      var line = SourceFile.trimEnd(file.lines().get(i));
      if (line.startsWith("#")) {
        continue;
      }
      var split = SourceFile.Split.of(line);
      switch (split.word()) {
        case "" -> {}
        case "user" -> {
          var user = SourceFile.trim(split.rest());
          if (user.isEmpty()) {
            throw refused(file.place(i), "a user without a name");
          }
          section = users.computeIfAbsent(user, any -> new ArrayList<>());
        }
        case "topic" -> section.add(line(file.place(i), split.rest()));
        case "pattern" -> patterns.add(line(file.place(i), split.rest()));
        default ->
            throw refused(
                file.place(i), "it begins with none of \"user \", \"topic \" and \"pattern \"");
      }
    }
    return new ExistingAcl(anonymous, users, patterns);
  }

  private static AclLine line(Place place, String text) {
    var split = SourceFile.Split.of(text);
    if (split.word().isEmpty()) {
      throw refused(place, "it has no topic");
    }
    var right = Right.READWRITE;
    var filter = split.word();
    if (!split.rest().isEmpty()) {
      right = right(place, split.word());
      filter = SourceFile.trim(split.rest());
    }
    if (MISPLACED_WILDCARD.matcher(filter).find()) {
      throw refused(place, "a '+' or '#' that is not a whole level, or a '#' that is not the last");
    }
    return new AclLine(place, right, filter);
  }

  private static Right right(Place place, String word) {
    for (var right : Right.values()) {
      if (right.name().toLowerCase(Locale.ROOT).equals(word)) {
        return right;
      }
    }
    throw refused(place, "'%s' is none of read, write, readwrite and deny".formatted(word));
  }

  private static IllegalArgumentException refused(Place place, String why) {
    return new IllegalArgumentException(
        "%s: Mosquitto does not start with this line: %s. Correct it, and import again."
            .formatted(place, why));
  }
}
