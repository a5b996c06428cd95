package io.mqttoperator.operator.mosquitto;

/** What a listener speaks. */
public enum ListenerProtocol {
  MQTT,
  /** MQTT in the frames of WebSockets (MQTT 5, 6), at any path. */
  WEBSOCKETS
}
