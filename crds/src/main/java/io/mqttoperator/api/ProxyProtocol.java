package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** In which version of the PROXY protocol a proxy tells the broker who its client is. */
public enum ProxyProtocol {
  V1("V1"),
  V2("V2"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  ProxyProtocol(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static ProxyProtocol of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
