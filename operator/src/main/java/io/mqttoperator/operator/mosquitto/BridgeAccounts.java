package io.mqttoperator.operator.mosquitto;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The accounts of a broker's bridges, one for each pod but the hub.
 *
 * @param secret 32 lower-case hex digits: 128 random bits
 */
public record BridgeAccounts(String secret) {
  private static final Pattern ALLOWED = Pattern.compile("[0-9a-f]{32}");
  private static final int RANDOM_BYTES = 16;

  /**
   * @throws IllegalArgumentException if the value is not 32 lower-case hex digits
   */
  public BridgeAccounts {
    if (!ALLOWED.matcher(secret).matches()) {
      throw new IllegalArgumentException(
          "What makes the bridges' names unguessable is 32 lower-case hex digits");
    }
  }

  /** Names that nobody knows. */
  public static BridgeAccounts random(SecureRandom random) {
    byte[] bits = new byte[RANDOM_BYTES];
    random.nextBytes(bits);
    return new BridgeAccounts(HexFormat.of().formatHex(bits));
  }

  /**
   * That of one pod.
   *
   * @param ordinal of the pod, 1 to 8
   * @throws IllegalArgumentException if the ordinal is out of its range
   */
  public BridgeAccount of(int ordinal) {
    return new BridgeAccount(prefix() + ordinal);
  }

  /**
   * Those of all pods but the hub.
   *
   * @param replicas 1 to 9: with one there is no bridge
   */
  public List<BridgeAccount> ofAll(int replicas) {
    return IntStream.range(1, replicas).mapToObj(this::of).toList();
  }

  /** What comes before the ordinal. */
  String prefix() {
    return "$mqtt-bridge-" + secret + "-";
  }

  @Override
  public String toString() {
    return prefix();
  }
}
