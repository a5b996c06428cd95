package io.mqttoperator.e2e;

import java.nio.charset.StandardCharsets;

/** A message that a client received. */
public record Message(String topic, String payload, boolean retained) {

  static Message of(String topic, byte[] payload, boolean retained) {
    return new Message(topic, new String(payload, StandardCharsets.UTF_8), retained);
  }
}
