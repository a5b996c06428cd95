package io.mqttoperator.cli.existing;

import io.mqttoperator.operator.access.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A password file, read as Mosquitto 2 reads it (plugins/password-file/password_parse.c).
 *
 * @param users by name; of one that stands twice the last line, which counts in 2.0
 * @param repeated the earlier lines of those
 * @param ignored lines that are no comment, and of which Mosquitto takes no notice
 */
public record ExistingPasswords(
    Map<String, Entry> users, List<Named> repeated, List<Place> ignored) {

  /** A name and where it stands. */
  public record Named(Place place, String user) {}

  /**
   * What stands after the colon, which nobody is to see.
   *
   * @param hash or whatever stands there in its place
   */
  public record Entry(Place place, SecretBytes hash) {
    public String text() {
      return new String(hash.toBytes(), StandardCharsets.UTF_8);
    }
  }

  public ExistingPasswords {
    users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
    repeated = List.copyOf(repeated);
    ignored = List.copyOf(ignored);
  }

  /** Reads a file. */
  public static ExistingPasswords read(Path path) throws IOException {
    return of(SourceFile.read(path));
  }

  static ExistingPasswords of(SourceFile file) {
    var users = new LinkedHashMap<String, Entry>();
    var repeated = new ArrayList<Named>();
    var ignored = new ArrayList<Place>();
    for (int i = 0; i < file.lines().size(); i++) {
      var line = file.lines().get(i);
      if (line.startsWith("#") || SourceFile.trim(line).isEmpty()) {
        continue;
      }
      if (line.indexOf(':') < 0) {
        ignored.add(file.place(i));
        continue;
      }
      // As strtok: colons in a row are one, and those before the name are none.
      var parts = List.of(line.replaceFirst("^:+", "").split(":+", 3));
      var user = SourceFile.trim(parts.getFirst());
      var hash = parts.size() > 1 ? SourceFile.trim(parts.get(1)) : "";
      var before =
          users.put(
              user,
              new Entry(file.place(i), new SecretBytes(hash.getBytes(StandardCharsets.UTF_8))));
      if (before != null) {
        repeated.add(new Named(before.place(), user));
      }
    }
    return new ExistingPasswords(users, repeated, ignored);
  }
}
