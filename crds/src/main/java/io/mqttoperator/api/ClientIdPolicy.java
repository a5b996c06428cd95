package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Who chooses the client id on a listener. */
public enum ClientIdPolicy {
  USERNAME("Username"),
  ANY("Any"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  ClientIdPolicy(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static ClientIdPolicy of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
