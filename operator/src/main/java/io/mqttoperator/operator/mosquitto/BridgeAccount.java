package io.mqttoperator.operator.mosquitto;

import java.util.regex.Pattern;

/**
 * The name by which the bridge of one pod connects to that pod's broker and to the hub's: the
 * common name of its client certificate.
 *
 * <p>As with {@link OperatorAccount}, no {@link Username} equals it, and nobody can guess it.
 */
public record BridgeAccount(String value) {
  private static final Pattern ALLOWED = Pattern.compile("\\$mqtt-bridge-[0-9a-f]{32}-[1-8]");

  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public BridgeAccount {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "A bridge's account is called $mqtt-bridge-, 32 lower-case hex digits, a hyphen and the"
              + " ordinal of its pod, 1 to 8");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
