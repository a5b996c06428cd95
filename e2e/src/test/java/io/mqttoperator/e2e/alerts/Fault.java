package io.mqttoperator.e2e.alerts;

import java.util.Locale;

/** What goes wrong with a broker, each with one of its own, and the alert that tells of it. */
enum Fault {
  /** A broker that nothing is done to. */
  NONE("", ""),
  /** A node selector that no node has: the pod is replaced by one that no node takes. */
  NO_NODE("MqttBrokerNotReady", ""),
  /** The same, of a broker that is new: no pod of it has ever run. */
  NEVER_STARTED("MqttBrokerNotReady", "nodeSelector: {no-such: label}"),
  /** A listener is to show a certificate from a Secret that is not there. */
  REFUSED("MqttBrokerRefused", ""),
  /** Mosquitto is stopped (SIGSTOP), and then a user is deleted. */
  FROZEN("MqttAccessNotEnforced", ""),
  /** A user's own password is in a Secret that is not there. */
  USER_REFUSED("MqttUsersNotReady", ""),
  /** The bridge's Mosquitto is stopped (SIGSTOP). */
  BRIDGE_FROZEN("MqttBridgeDown", "replicas: 2"),
  /** Nine clients, where ten may connect. */
  FULL(
      "MqttConnectionsNearLimit",
      "listeners: [{name: mqtts, port: 8883, clientId: Any, maxConnections: 10}]"),
  /** Somebody publishes for a session that is away and may have ten messages. */
  QUEUE_FULL("MqttMessagesDropped", "limits: {maxQueuedMessages: 10}"),
  /** Paused since before its server certificate was due. */
  NOT_RENEWED(
      "MqttCertificateNotRenewed", "certificates: {server: {validity: 1h, renewBefore: 54m}}"),
  /** A server certificate of two days, made by somebody. */
  ENDS_SOON("MqttCertificateEndsSoon", ""),
  /** The API server asks a webhook that is not there before it takes a Secret of the broker. */
  PASSES_FAIL("MqttOperatorFails", ""),
  /** Paused since before a user's certificate was due. */
  CLIENTS_OVERDUE(
      "MqttClientCertificatesOverdue",
      "listeners: [{name: mqtts, port: 8883}, {name: devices, port: 8885, authentication: Certificate}]");

  private final String alert;
  private final String spec;

  Fault(String alert, String spec) {
    this.alert = alert;
    this.spec = spec;
  }

  Alert alert() {
    return this == PASSES_FAIL ? Alert.ofOperator(alert) : new Alert(alert, broker());
  }

  String broker() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String device() {
    return broker() + "-device";
  }

  /** One more user, that nothing depends on. */
  String other() {
    return broker() + "-other";
  }

  /** The fault is that it is made. */
  boolean isOfNewBroker() {
    return this == NEVER_STARTED;
  }

  /**
   * Those that are there only after a certificate was due, which is six minutes after its issue.
   */
  boolean isLate() {
    return this == NOT_RENEWED || this == CLIENTS_OVERDUE;
  }

  /** The broker as it is before, with users and a rule. */
  String manifest() {
    return broker(spec) + user(device(), certificate()) + user(other(), "") + rule();
  }

  private String certificate() {
    return this == CLIENTS_OVERDUE ? "certificate: {validity: 1h, renewBefore: 54m}" : "";
  }

  /** The broker with another spec. */
  String broker(String spec) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: %s}
           spec: {%s}
           """
        .formatted(broker(), spec);
  }

  /** A user of the broker. */
  String user(String name, String more) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec:
             brokerRef: {name: %s}
             %s
           """
        .formatted(name, broker(), more);
  }

  private String rule() {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %1$s-all}
           spec:
             brokerRef: {name: %1$s}
             subjects: [{allUsers: true}]
             rules: [{topics: ["#"], access: [Publish, Subscribe]}]
           """
        .formatted(broker());
  }
}
