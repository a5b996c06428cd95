package io.mqttoperator.operator.mosquitto;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lines {@code username:hash}, sorted by username: a shard of Mosquitto's password file. */
public record PasswordFile(SortedMap<Username, PasswordHash> users) {
  private static final String NAME = "The password file";

  public PasswordFile {
    users = Sorted.copyOf(users);
  }

  public byte[] render() {
    return TextFile.render(
        users.entrySet().stream().map(user -> line(user.getKey(), user.getValue())).toList());
  }

  /**
   * Reads the file back.
   *
   * @throws IllegalArgumentException if the bytes are not what {@link #render} writes; the message
   *     names the line by its number and holds none of it
   */
  public static PasswordFile parse(byte[] content) {
    List<String> lines = TextFile.parse(NAME, content);
    var users = new TreeMap<Username, PasswordHash>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int colon = line.indexOf(':');
      try {
        if (colon < 0) {
          throw new IllegalArgumentException("There is no ':'");
        }
        var hash = new PasswordHash(line.substring(colon + 1));
        if (users.put(new Username(line.substring(0, colon)), hash) != null) {
          throw new IllegalArgumentException("The username is there twice");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d: %s".formatted(NAME, i + 1, e.getMessage()), e);
      }
    }
    var file = new PasswordFile(users);
    TextFile.requireCanonical(NAME, content, file.render());
    return file;
  }

  static String line(Username name, PasswordHash hash) {
    return name.value() + ":" + hash.value();
  }
}
