package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How clients of a listener prove who they are. */
public enum Authentication {
  PASSWORD("Password"),
  CERTIFICATE("Certificate"),
  CERTIFICATE_AND_PASSWORD("CertificateAndPassword"),
  PRE_SHARED_KEY("PreSharedKey"),
  ANONYMOUS("Anonymous"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  Authentication(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static Authentication of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
