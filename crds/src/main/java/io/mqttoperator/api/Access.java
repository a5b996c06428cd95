package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A direction that a rule allows. */
public enum Access {
  PUBLISH("Publish"),
  SUBSCRIBE("Subscribe"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  Access(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static Access of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
