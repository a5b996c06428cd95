package io.mqttoperator.cli.existing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The lines of a file.
 *
 * @param name as it is called in what is said of it
 */
record SourceFile(String name, List<String> lines) {

  /** What C's {@code isspace} takes, and Mosquitto trims. */
  private static final String SPACES = " \t\n\u000b\f\r";

  SourceFile {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is not text that MQTT allows
   * @throws IOException if it is not there or cannot be read
   */
  static SourceFile read(Path path) throws IOException {
    return of(path.toString(), Files.readAllBytes(path));
  }

  static SourceFile of(String name, byte[] content) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException malformed) {
      throw new IllegalArgumentException(
          "%s is not UTF-8, which all names and topics of MQTT are. Convert it first."
              .formatted(name));
    }
    if (text.indexOf('\0') >= 0) {
      // Mosquitto ends there without a word, and whatever follows does not count.
      throw new IllegalArgumentException(
          "%s holds a NUL, at which Mosquitto stops reading. Remove it, and all after it that shall"
                  .formatted(name)
              + " not count.");
    }
    var lines = List.of(text.split("\n", -1));
    return new SourceFile(
        name, lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : lines);
  }

  Place place(int index) {
    return new Place(name, index + 1);
  }

  static String trim(String text) {
    int start = 0;
    while (start < text.length() && SPACES.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    return trimEnd(text.substring(start));
  }

  static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && SPACES.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /** As C's {@code strtok}: what stands before the next space, and the rest after it. */
  record Split(String word, String rest) {
    static Split of(String text) {
      int start = 0;
      while (start < text.length() && text.charAt(start) == ' ') {
        start++;
      }
      int end = text.indexOf(' ', start);
      return end < 0
          ? new Split(text.substring(start), "")
          : new Split(text.substring(start, end), text.substring(end + 1));
    }
  }
}
