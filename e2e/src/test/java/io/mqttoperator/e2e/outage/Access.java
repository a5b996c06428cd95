package io.mqttoperator.e2e.outage;

/** Manifests of users and ACLs of the broker {@code fleet}. */
final class Access {

  static final String RULES = "everything";

  private Access() {}

  static String user(String name) {
    return user(name, "");
  }

  /**
   * @param more further fields of its spec, each followed by a comma
   */
  static String user(String name, String more) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {%s brokerRef: {name: fleet}}
           """
        .formatted(name, more);
  }

  /** All users may use all topics of feeds, and one more. */
  static String rules(String name, String topic) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %s}
           spec:
             brokerRef: {name: fleet}
             subjects: [{allUsers: true}]
             rules: [{topics: ["%s#", "%s"], access: [Publish, Subscribe]}]
           """
        .formatted(name, Feed.Place.ROOT, topic);
  }
}
