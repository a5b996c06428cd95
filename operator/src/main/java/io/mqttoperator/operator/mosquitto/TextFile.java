package io.mqttoperator.operator.mosquitto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

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
   * Refuses a file that is not byte for byte what its parsed value renders to, whatever the reader
   * let pass: order, duplicates, spaces.
   */
  static void requireCanonical(String fileName, byte[] content, byte[] rendered) {
    if (!Arrays.equals(content, rendered)) {
      throw new IllegalArgumentException(fileName + " is not in the form that it is written in");
    }
  }
}
