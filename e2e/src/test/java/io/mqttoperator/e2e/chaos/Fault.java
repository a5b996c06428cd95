package io.mqttoperator.e2e.chaos;

import java.util.Arrays;
import java.util.List;

/** What is done to a broker, and what that may cost. */
enum Fault {
  POD_DELETED("pod deleted"),
  POD_DELETED_BY_FORCE("pod deleted by force"),
  BROKER_KILLED("Mosquitto killed"),
  BRIDGE_KILLED("bridge killed"),
  OPERATOR_KILLED("operator killed"),
  API_SERVER_PAUSED("API server paused"),
  API_SERVER_KILLED("API server killed"),
  BROKER_KILLED_WITHOUT_API_SERVER("Mosquitto killed, API server paused");

  private final String label;

  Fault(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Whether a broker or a bridge may end without saving: docs/clusters.md says what that costs. */
  boolean isKill() {
    return switch (this) {
      case POD_DELETED_BY_FORCE, BROKER_KILLED, BRIDGE_KILLED, BROKER_KILLED_WITHOUT_API_SERVER ->
          true;
      case POD_DELETED, OPERATOR_KILLED, API_SERVER_PAUSED, API_SERVER_KILLED -> false;
    };
  }

  boolean isOfPod() {
    return switch (this) {
      case OPERATOR_KILLED, API_SERVER_PAUSED, API_SERVER_KILLED -> false;
      case POD_DELETED,
          POD_DELETED_BY_FORCE,
          BROKER_KILLED,
          BRIDGE_KILLED,
          BROKER_KILLED_WITHOUT_API_SERVER ->
          true;
    };
  }

  private boolean isOfApiServer() {
    return switch (this) {
      case API_SERVER_PAUSED, API_SERVER_KILLED, BROKER_KILLED_WITHOUT_API_SERVER -> true;
      case POD_DELETED, POD_DELETED_BY_FORCE, BROKER_KILLED, BRIDGE_KILLED, OPERATOR_KILLED ->
          false;
    };
  }

  static List<Fault> all(boolean withApiServer) {
    return Arrays.stream(values())
        .filter(fault -> withApiServer || !fault.isOfApiServer())
        .toList();
  }
}
