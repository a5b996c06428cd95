package io.mqttoperator.operator.mosquitto;

/** Whether a listener speaks TLS, and from which version. */
public enum Encryption {
  NONE,
  TLS_1_2,
  TLS_1_3
}
