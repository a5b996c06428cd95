package io.mqttoperator.operator.mosquitto;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a broker sets of what Mosquitto leaves open.
 *
 * @param values of the options that are written; a flag's is 0 or 1
 * @param logTypes always with {@code ERROR}, which says why a broker failed
 * @param connectionMessages whether connections and their ends are logged
 */
public record BrokerOptions(
    Map<BrokerOption, Long> values, Set<LogType> logTypes, boolean connectionMessages) {
  /** Of a broker that sets none. */
  public static final BrokerOptions NONE =
      new BrokerOptions(Map.of(), EnumSet.of(LogType.ERROR, LogType.WARNING, LogType.NOTICE), true);

  /**
   * @throws IllegalArgumentException if a value is out of its range, or errors are not logged
   */
  public BrokerOptions {
    var ordered = new EnumMap<BrokerOption, Long>(BrokerOption.class);
    ordered.putAll(values);
    ordered.forEach(BrokerOption::require);
    values = Collections.unmodifiableMap(ordered);
    if (!logTypes.contains(LogType.ERROR)) {
      throw new IllegalArgumentException("Errors are not logged");
    }
    logTypes = Collections.unmodifiableSet(EnumSet.copyOf(logTypes));
  }

  public OptionalLong value(BrokerOption option) {
    Long value = values.get(option);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** The lines of those that are set. */
  List<String> lines(Collection<BrokerOption> options) {
    return values.entrySet().stream()
        .filter(entry -> options.contains(entry.getKey()))
        .map(entry -> entry.getKey().line(entry.getValue()))
        .toList();
  }

  List<String> logLines() {
    return logTypes.stream().map(type -> "log_type " + type.key()).toList();
  }

  /** What a reload does not change; the rest is as if nobody had set it, or at one value. */
  BrokerOptions atStart() {
    var atStart = new EnumMap<BrokerOption, Long>(BrokerOption.class);
    values.forEach(
        (option, value) -> {
          switch (option.effect()) {
            case AT_START -> atStart.put(option, value);
            case AT_RELOAD_ONCE_SET -> atStart.put(option, option.min());
            case AT_RELOAD -> {}
          }
        });
    return new BrokerOptions(atStart, EnumSet.of(LogType.ERROR), true);
  }
}
