package io.mqttoperator.e2e;

/** The versions of MQTT that clients speak. */
public enum Protocol {
  MQTT_3_1_1,
  MQTT_5
}
