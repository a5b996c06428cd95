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

  /** It gets its role. */
  void arrive() {
    tenant
        .kubectl()
        .run("create", "rolebinding", NAME, "--clusterrole=admin", "--user=" + NAME)
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
