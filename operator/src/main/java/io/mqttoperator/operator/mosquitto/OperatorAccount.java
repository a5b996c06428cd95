package io.mqttoperator.operator.mosquitto;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name by which the operator connects to a broker: the common name of its client certificate.
 *
 * <p>It begins with {@code $}, so no {@link Username} equals it, and holds 128 random bits, so no
 * certificate that a user's own authority signs can name it by guessing.
 */
public record OperatorAccount(String value) {
  private static final Pattern ALLOWED = Pattern.compile("\\$mqtt-operator-[0-9a-f]{32}");
  private static final int RANDOM_BYTES = 16;

  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public OperatorAccount {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "The operator's account is called $mqtt-operator- and 32 lower-case hex digits");
    }
  }

  /** A new name that nobody knows. */
  public static OperatorAccount random(SecureRandom random) {
    byte[] bits = new byte[RANDOM_BYTES];
    random.nextBytes(bits);
    return new OperatorAccount("$mqtt-operator-" + HexFormat.of().formatHex(bits));
  }

  @Override
  public String toString() {
    return value;
  }
}
