package io.mqttoperator.e2e.alerts;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An alert of the chart's rules.
 *
 * @param broker empty if it is one about the operator
 */
record Alert(String name, String broker) {

  static Alert ofOperator(String name) {
    return new Alert(name, "");
  }

  static Alert of(JsonNode labels) {
    return new Alert(labels.path("alertname").asText(), labels.path("broker").asText());
  }

  @Override
  public String toString() {
    return broker.isEmpty() ? name : name + " of " + broker;
  }
}
