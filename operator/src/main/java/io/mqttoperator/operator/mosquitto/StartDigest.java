package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names what Mosquitto takes of a configuration at its start only: two configurations of one digest
 * are brought from one to the other by a reload.
 *
 * @param hex the first half of a SHA-256: 32 lower-case hex digits
 */
public record StartDigest(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");
  private static final String LINE = "# start ";

  /**
   * @throws IllegalArgumentException if it is no such digest
   */
  public StartDigest {
    if (!isOne(hex)) {
      throw new IllegalArgumentException("A start digest is 32 hexadecimal digits, found " + hex);
    }
  }

  static boolean isOne(String hex) {
    return HEX.matcher(hex).matches();
  }

  /** Of the lines that only a start takes. */
  static StartDigest of(List<String> lines) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(TextFile.render(lines));
      return new StartDigest(HexFormat.of().formatHex(digest, 0, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /**
   * As a configuration file tells it, whatever its other lines are.
   *
   * @return empty for a file of an operator that did not tell it yet
   */
  public static Optional<StartDigest> in(byte[] configuration) {
    return new String(configuration, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(LINE))
        .findFirst()
        .map(line -> line.substring(LINE.length()))
        .filter(StartDigest::isOne)
        .map(StartDigest::new);
  }

  /** The comment in {@code mosquitto.conf}, which the supervisor reads too. */
  String line() {
    return LINE + hex;
  }

  static boolean isLine(String line) {
    return line.startsWith(LINE);
  }

  @Override
  public String toString() {
    return hex;
  }
}
