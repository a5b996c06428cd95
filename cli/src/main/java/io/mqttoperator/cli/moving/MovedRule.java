package io.mqttoperator.cli.moving;

import io.mqttoperator.operator.mosquitto.Right;

/**
 * One topic of a rule.
 *
 * @param topic as an MqttAcl has it
 */
record MovedRule(Right right, String topic) {

  boolean isDeny() {
    return right == Right.DENY;
  }
}
