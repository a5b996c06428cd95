package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How a listener is exposed. */
public enum ServiceType {
  CLUSTER_IP("ClusterIP"),
  NODE_PORT("NodePort"),
  LOAD_BALANCER("LoadBalancer"),
  /** A value that this version does not know. The schema refuses it; a newer schema may not. */
  UNKNOWN("");

  private final String value;

  ServiceType(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  @JsonCreator
  static ServiceType of(String value) {
    for (var known : values()) {
      if (known.value.equals(value)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
