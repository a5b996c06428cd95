package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key that a client and the broker share (RFC 4279). Prints as nothing, and compares in constant
 * time.
 */
public final class PreSharedKey {
  /** Below it, who has seen one handshake could find the key by trying (RFC 4279 section 7.2). */
  static final int MIN_BYTES = 16;

  /** What RFC 4279 section 5.3 has every implementation take. */
  static final int MAX_BYTES = 64;

  private static final int GENERATED_BYTES = 32;

  /** Fewer different digits than any random key of this length has. */
  private static final int FEWEST_DIGITS = 4;

  private static final Pattern HEX = Pattern.compile("([0-9A-Fa-f]{2})*");

  private final byte[] bytes;

  private PreSharedKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** 256 random bits. */
  public static PreSharedKey random(SecureRandom random) {
    var bytes = new byte[GENERATED_BYTES];
    random.nextBytes(bytes);
    return new PreSharedKey(bytes);
  }

  /** One that nobody has, and that is always the same for a user of a broker. */
  public static PreSharedKey ofNobody(SaltKey secret, Username username) {
    return new PreSharedKey(
        Arrays.copyOf(secret.unguessable("psk " + username.value()), GENERATED_BYTES));
  }

  /**
   * Reads hex digits, upper or lower case.
   *
   * @throws IllegalArgumentException with {@link #problem}
   */
  public static PreSharedKey parse(byte[] hex) {
    problem(hex)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return new PreSharedKey(HexFormat.of().parseHex(new String(hex, StandardCharsets.US_ASCII)));
  }

  /** Why hex digits are no key, as a sentence without its end that holds none of them. */
  public static Optional<String> problem(byte[] hex) {
    var text = new String(hex, StandardCharsets.ISO_8859_1);
    if (text.endsWith("\n") || text.endsWith("\r")) {
      return Optional.of("the key ends with a line feed: write it without one (echo -n, printf)");
    }
    if (text.startsWith("0x")) {
      return Optional.of("the key begins with 0x: write the hex digits alone");
    }
    if (!HEX.matcher(text).matches()) {
      return Optional.of("the key is not an even number of hex digits");
    }
    if (text.length() < 2 * MIN_BYTES || text.length() > 2 * MAX_BYTES) {
      return Optional.of(
          "the key has %d hex digits, and may have %d to %d"
              .formatted(text.length(), 2 * MIN_BYTES, 2 * MAX_BYTES));
    }
    var distinct = text.toLowerCase(Locale.ROOT).chars().distinct().count();
    return distinct < FEWEST_DIGITS
        ? Optional.of("the key is not random: it repeats the same digits")
        : Optional.empty();
  }

  /** Whether it is as long as one that {@link #random} makes. */
  public boolean isFullLength() {
    return bytes.length == GENERATED_BYTES;
  }

  /** Lower-case hex digits: the secret itself. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PreSharedKey that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "***";
  }
}
