package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
    List<String> lines = TextFile.parse(NAME, content);
    var users = new TreeMap<Username, PreSharedKey>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int colon = line.indexOf(':');
      try {
        if (colon < 0) {
          throw new IllegalArgumentException("There is no ':'");
        }
        var key = PreSharedKey.parse(line.substring(colon + 1).getBytes(StandardCharsets.UTF_8));
        if (users.put(new Username(line.substring(0, colon)), key) != null) {
          throw new IllegalArgumentException("The username is there twice");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d: %s".formatted(NAME, i + 1, e.getMessage()), e);
      }
    }
    var file = new PreSharedKeyFile(users);
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
