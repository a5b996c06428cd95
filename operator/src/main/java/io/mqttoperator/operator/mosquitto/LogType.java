package io.mqttoperator.operator.mosquitto;

import java.util.Locale;

/** A type of log lines, in the order of the file. */
public enum LogType {
  ERROR,
  WARNING,
  NOTICE,
  INFORMATION,
  SUBSCRIBE,
  UNSUBSCRIBE,
  WEBSOCKETS,
  DEBUG;

  /** As {@code mosquitto.conf} has it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
