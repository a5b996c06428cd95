package io.mqttoperator.operator.mosquitto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A file of lines in UTF-8, each ended by one line feed and by nothing else. */
final class TextFile {
  private TextFile() {}

  static byte[] render(List<String> lines) {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Splits a file into its lines.
   *
   * @throws IllegalArgumentException if the bytes are not UTF-8, or the last line has no end
   */
  static List<String> parse(String fileName, byte[] content) {
    if (content.length == 0) {
      return List.of();
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(fileName + " is not valid UTF-8", e);
    }
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("The last line of " + fileName + " has no end");
    }
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  /**
   * Reads lines {@code username:value}.
   *
   * @throws IllegalArgumentException if a line is none, or names a user again; the message names
   *     the line by its number and holds none of it
   */
  static <V> SortedMap<Username, V> parseUsers(
      String fileName, byte[] content, Function<String, V> value) {
    List<String> lines = parse(fileName, content);
    var users = new TreeMap<Username, V>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int colon = line.indexOf(':');
      try {
        if (colon < 0) {
          throw new IllegalArgumentException("There is no ':'");
        }
        var read = value.apply(line.substring(colon + 1));
        if (users.put(new Username(line.substring(0, colon)), read) != null) {
          throw new IllegalArgumentException("The username is there twice");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d: %s".formatted(fileName, i + 1, e.getMessage()), e);
      }
    }
    return users;
  }

  /**
   * Refuses a file that is not byte for byte what its parsed value renders to, whatever the reader
   * let pass: order, duplicates, spaces.
   */
  static void requireCanonical(String fileName, byte[] content, byte[] rendered) {
    if (!Arrays.equals(content, rendered)) {
      throw new IllegalArgumentException(fileName + " is not in the form that it is written in");
    }
  }
}
