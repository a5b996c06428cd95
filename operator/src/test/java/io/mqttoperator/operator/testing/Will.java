package io.mqttoperator.operator.testing;

/**
 * A will as a client leaves it.
 *
 * @param delaySeconds after which it is due (MQTT 5, 3.1.3.2.2); the session lasts longer
 */
public record Will(String topic, int delaySeconds) {

  static final int SESSION_SECONDS = 3600;
}
