package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;

/**
 * Lines {@code username:key in hex}, sorted by username: a shard of Mosquitto's file of pre-shared
 * keys. Without that file Mosquitto 2.1.2 ends; an empty one lets nobody in.
 */
public record PreSharedKeyFile(SortedMap<Username, PreSharedKey> users) {
  private static final String NAME = "The file of pre-shared keys";

  public PreSharedKeyFile {
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
  public static PreSharedKeyFile parse(byte[] content) {
    var file =
        new PreSharedKeyFile(
            TextFile.parseUsers(
                NAME, content, hex -> PreSharedKey.parse(hex.getBytes(StandardCharsets.UTF_8))));
    TextFile.requireCanonical(NAME, content, file.render());
    return file;
  }

  static String line(Username name, PreSharedKey key) {
    return name.value() + ":" + key.hex();
  }

  @Override
  public String toString() {
    return "PreSharedKeyFile[users=" + users.size() + "]";
  }
}
