package io.mqttoperator.cli.check;

import java.util.Comparator;

/**
 * Something about a manifest.
 *
 * @param rule what was broken: {@code Schema}, or a condition's reason such as {@code
 *     UsernameConflict}
 * @param line from 1
 * @param resource as {@code MqttUser plant/sensor-1}; empty for a file that is none
 */
public record Finding(
    Level level, String rule, String file, int line, String resource, String message) {

  static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::file)
          .thenComparingInt(Finding::line)
          .thenComparing(Finding::level)
          .thenComparing(Finding::message);
}
