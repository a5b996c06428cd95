package io.mqttoperator.operator.mosquitto;

import java.util.SortedMap;

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
    var file = new PasswordFile(TextFile.parseUsers(NAME, content, PasswordHash::new));
    TextFile.requireCanonical(NAME, content, file.render());
    return file;
  }

  static String line(Username name, PasswordHash hash) {
    return name.value() + ":" + hash.value();
  }
}
