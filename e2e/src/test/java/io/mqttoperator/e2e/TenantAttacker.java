package io.mqttoperator.e2e;

/**
 * Somebody who is bound to the cluster's role {@code admin} in a tenant's namespace, and tries to
 * reach what is not its own.
 *
 * @param home the namespace of the broker {@code fleet}
 * @param tenant its own
 */
record TenantAttacker(Cluster home, Cluster tenant) {

  static final String NAME = "mallory";

  /**
   * It arrives in a new namespace, which is a tenant's of a broker that is made in {@code home}.
   *
   * @param tenancy what tenants may, such as {@code topics: ["#"]}
   * @param more of the broker's spec, such as {@code listeners: [...]}; empty: nothing
   */
  static TenantAttacker at(Cluster home, String tenancy, String more) {
    var tenant = Cluster.withNewNamespace(home.namespace() + "-red");
    home.apply(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttBroker
        metadata: {name: fleet}
        spec:
          access:
            tenants:
            - {name: teams, namespaceSelector: {matchLabels: {e2e-tenant-of: %s}}, %s}
          %s
        """
            .formatted(home.namespace(), tenancy, more));
    admit(home, tenant);
    tenant
        .kubectl()
        .run("create", "rolebinding", NAME, "--clusterrole=admin", "--user=" + NAME)
        .orFail();
    return new TenantAttacker(home, tenant);
  }

  /** Makes the namespace a tenant's of the broker that selects {@code e2e-tenant-of}. */
  static void admit(Cluster home, Cluster namespace) {
    namespace
        .kubectl()
        .run(
            "label",
            "--overwrite",
            "namespace/" + namespace.namespace(),
            "e2e-tenant-of=" + home.namespace())
        .orFail();
  }

  /** It applies what it may. */
  void apply(String yaml) {
    tenant
        .kubectl()
        .runWith(
            yaml,
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=" + NAME,
            "--as=" + NAME,
            "-f",
            "-")
        .orFail();
  }

  /** A document that refers to the broker in {@code home}, wherever it is applied. */
  static String in(Cluster home, String kind, String name, String more) {
    return """
    ---
    apiVersion: mqttoperator.io/v1alpha1
    kind: %s
    metadata: {name: %s}
    spec: {brokerRef: {name: fleet, namespace: %s}%s}
    """
        .formatted(kind, name, home.namespace(), more.isEmpty() ? "" : ", " + more);
  }
}
