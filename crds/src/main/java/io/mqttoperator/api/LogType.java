package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A type of log lines, as Mosquitto calls it. */
public enum LogType {
  DEBUG("debug"),
  ERROR("error"),
  WARNING("warning"),
  NOTICE("notice"),
  INFORMATION("information"),
  SUBSCRIBE("subscribe"),
  UNSUBSCRIBE("unsubscribe"),
  WEBSOCKETS("websockets"),
  NONE("none"),
  ALL("all"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  LogType(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static LogType of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
