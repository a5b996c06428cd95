package io.mqttoperator.operator.mosquitto;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The file {@code join}: when the bridges subscribe at both brokers, and are sent all that is
 * retained there. They do so once for each star; the brokers' sessions keep the subscriptions.
 *
 * @param star another name tells the bridges that a broker may have lost its sessions: for example
 *     the UID of the hub's volume claim
 * @param settleSeconds 1 to 100,000: how long a bridge must have been connected to both brokers
 *     before it takes its subscriptions for saved; longer than the brokers' autosave interval
 */
public record BridgeJoin(String star, int settleSeconds) {
  public static final String FILE = "join";

  private static final Pattern STAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,62}");
  private static final int MAX_SECONDS = 100_000;

  /** For a write of the database that has begun late. */
  private static final int SPARE_SECONDS = 30;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public BridgeJoin {
    if (!STAR.matcher(star).matches()) {
      throw new IllegalArgumentException(
          "A star's name is 1 to 63 letters, digits, dots and hyphens, the first no punctuation");
    }
    if (settleSeconds < 1 || settleSeconds > MAX_SECONDS) {
      throw new IllegalArgumentException("The brokers save what is new within 1 s to 100,000 s");
    }
  }

  /**
   * A star whose brokers have saved by then.
   *
   * @param autosaveSeconds of the brokers
   */
  public static BridgeJoin of(String star, int autosaveSeconds) {
    return new BridgeJoin(star, autosaveSeconds + SPARE_SECONDS);
  }

  public byte[] render() {
    return TextFile.render(List.of(star + " " + settleSeconds));
  }
}
