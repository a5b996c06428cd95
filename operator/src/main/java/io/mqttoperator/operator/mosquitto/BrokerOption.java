package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.OptionEffect.AT_RELOAD;
import static io.mqttoperator.operator.mosquitto.OptionEffect.AT_RELOAD_ONCE_SET;
import static io.mqttoperator.operator.mosquitto.OptionEffect.AT_START;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Options that are written where they are set and left to Mosquitto where not: the one table from
 * which they are rendered, read back, and counted among what only a start of Mosquitto takes.
 *
 * <p>What a reload takes was measured with 2.1.2. The manual, mosquitto.conf(5), says "Reloaded on
 * reload signal" of each of them, but {@code config__copy} of conf.c leaves some out.
 */
public enum BrokerOption {
  MAX_PACKET_SIZE("max_packet_size", AT_START, Form.NUMBER, 256, 268_435_455),
  MAX_INFLIGHT_MESSAGES("max_inflight_messages", AT_START, Form.NUMBER, 1, 65_535),
  MAX_INFLIGHT_BYTES("max_inflight_bytes", AT_START, Form.NUMBER, 1, Integer.MAX_VALUE),
  MAX_QUEUED_MESSAGES("max_queued_messages", AT_START, Form.NUMBER, 1, Integer.MAX_VALUE),
  MAX_QUEUED_BYTES("max_queued_bytes", AT_START, Form.NUMBER, 1, Integer.MAX_VALUE),
  QUEUE_QOS0_MESSAGES("queue_qos0_messages", AT_RELOAD, Form.FLAG, 0, 1),
  RETAIN_AVAILABLE("retain_available", AT_START, Form.FLAG, 0, 1),
  MAX_KEEPALIVE("max_keepalive", AT_START, Form.NUMBER, 1, 65_535),
  PERSISTENT_CLIENT_EXPIRATION(
      "persistent_client_expiration", AT_RELOAD, Form.SECONDS, 1, 315_360_000),
  MEMORY_LIMIT("memory_limit", AT_RELOAD_ONCE_SET, Form.NUMBER, 1L << 22, 1L << 40),
  /** Of a listener: the operator's own, over which QoS 1 proves a revision, does not have it. */
  MAX_QOS("max_qos", AT_RELOAD, Form.NUMBER, 0, 2),
  /** Of a listener, too. */
  MAX_TOPIC_ALIAS("max_topic_alias", AT_RELOAD, Form.NUMBER, 0, 65_535);

  private static final List<BrokerOption> OF_LISTENERS = List.of(MAX_QOS, MAX_TOPIC_ALIAS);
  private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,17}");

  private final String key;
  private final OptionEffect effect;
  private final Form form;
  private final long min;
  private final long max;

  BrokerOption(String key, OptionEffect effect, Form form, long min, long max) {
    this.key = key;
    this.effect = effect;
    this.form = form;
    this.min = min;
    this.max = max;
  }

  /** Those that stand before the first listener. */
  static List<BrokerOption> ofBroker() {
    return Arrays.stream(values()).filter(option -> !OF_LISTENERS.contains(option)).toList();
  }

  /** Those that stand in each listener for clients. */
  static List<BrokerOption> ofListeners() {
    return OF_LISTENERS;
  }

  /** As {@code mosquitto.conf} has it. */
  public String key() {
    return key;
  }

  public OptionEffect effect() {
    return effect;
  }

  /** The least value; of a flag 0, which is false. */
  public long min() {
    return min;
  }

  /** The greatest value; of a flag 1, which is true. */
  public long max() {
    return max;
  }

  void require(long value) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d, but must be %d to %d".formatted(key, value, min, max));
    }
  }

  String line(long value) {
    return key
        + ' '
        + switch (form) {
          case NUMBER -> Long.toString(value);
          case SECONDS -> value + "s";
          case FLAG -> Boolean.toString(value == 1);
        };
  }

  /** The value of a line; empty if it is not a line of this option. */
  OptionalLong read(String line) {
    if (!line.startsWith(key + ' ')) {
      return OptionalLong.empty();
    }
    String value = line.substring(key.length() + 1);
    return switch (form) {
      case NUMBER -> number(value);
      case SECONDS ->
          value.endsWith("s")
              ? number(value.substring(0, value.length() - 1))
              : OptionalLong.empty();
      case FLAG -> OptionalLong.of(value.equals("true") ? 1 : 0);
    };
  }

  private static OptionalLong number(String digits) {
    return DIGITS.matcher(digits).matches()
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }

  /** How a value is written. */
  private enum Form {
    NUMBER,
    SECONDS,
    FLAG
  }
}
