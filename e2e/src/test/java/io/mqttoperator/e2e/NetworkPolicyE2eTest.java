package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Which pods reach a broker, and which it reaches: on a cluster whose network enforces
 * NetworkPolicies. A connection that is not to work is tried beside the same one where no policy
 * stands in its way, so that a network that is broken does not pass for one that is closed.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NetworkPolicyE2eTest {

  private static final int INTERNAL_PORT = 8884;

  private static final String ACCESS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: device}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: news}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: [news], access: [Publish]}]
      ---
      """;

  /** It listens at the broker's ports, and no policy selects it. */
  private static final String UNGUARDED =
      "printf 'listener 8883\\nlistener 8884\\nallow_anonymous true\\n' >/tmp/m.conf;"
          + " exec mosquitto -c /tmp/m.conf";

  private static final String PUBLISH =
      "cd /mqtt && timeout 3 mosquitto_pub -V 5 -q 1 -h \"$(cat host)\" -p \"$(cat port)\""
          + " --cafile ca.crt -u \"$(cat username)\" -P \"$(cat password)\" -t news -m x";

  private final Cluster cluster;
  private final Cluster elsewhere;
  private final Broker broker;

  NetworkPolicyE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    this.elsewhere = Cluster.withNewNamespace(cluster.namespace() + "-elsewhere");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(fleet("") + ACCESS);
    cluster.apply(pod("gateway", "sleep infinity"));
    cluster.apply(pod("stranger", "sleep infinity"));
    cluster.apply(pod("unguarded", UNGUARDED));
    // Labelled like the operator, which is not enough outside of the operator's namespace.
    elsewhere.apply(
        pod("visitor", "sleep infinity")
            .replace("app: visitor", "app.kubernetes.io/name: mqtt-operator"));
    for (var each : new Cluster[] {cluster, elsewhere}) {
      each.kubectl().run("wait", "--for=condition=Ready", "pod", "--all", "--timeout=2m").orFail();
    }
  }

  @AfterAll
  void leave() {
    try (elsewhere) {
      elsewhere.deleteNamespace();
    }
  }

  private static String fleet(String listener) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: fleet}
           spec:
             listeners: [{name: mqtts, port: 8883%s}]
           ---
           """
        .formatted(listener.isEmpty() ? "" : ", " + listener);
  }

  private static String pod(String name, String script) {
    return """
           apiVersion: v1
           kind: Pod
           metadata: {name: %1$s, labels: {app: %1$s}}
           spec:
             automountServiceAccountToken: false
             terminationGracePeriodSeconds: 0
             securityContext: {runAsNonRoot: true, runAsUser: 1883, seccompProfile: {type: RuntimeDefault}}
             containers:
               - name: tools
                 image: docker.io/library/eclipse-mosquitto:2.1.2
                 command: [sh, -c, "%2$s"]
                 securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                 volumeMounts: [{name: mqtt, mountPath: /mqtt, readOnly: true}]
             volumes: [{name: mqtt, secret: {secretName: device-mqtt, optional: true}}]
           """
        .formatted(name, script.replace("\\", "\\\\"));
  }

  @Test
  @Order(1)
  void onlyTheOperatorReachesTheInternalListener() {
    // The broker is Ready: the operator has reached it there.
    for (var each : new Cluster[] {cluster, elsewhere}) {
      var client = each == cluster ? "stranger" : "visitor";
      awaitIsOpen(each, client, address("unguarded"), INTERNAL_PORT, true);
      awaitIsOpen(each, client, address("fleet-0"), Broker.DEFAULT_PORT, true);
      assertThat(isOpen(each, client, address("fleet-0"), INTERNAL_PORT)).as(client).isFalse();
    }
  }

  @Test
  @Order(2)
  void aBrokerPodOpensNoConnection() {
    awaitIsOpen(cluster, "stranger", address("unguarded"), Broker.DEFAULT_PORT, true);
    assertThat(isOpen(cluster, "fleet-0", address("unguarded"), Broker.DEFAULT_PORT)).isFalse();
  }

  /** What was closed was closed by the policy. */
  @Test
  @Order(3)
  void withoutThePolicyBothAreOpen() {
    pause(true);
    cluster.kubectl().run("delete", "networkpolicy", "fleet").orFail();
    awaitIsOpen(cluster, "stranger", address("fleet-0"), INTERNAL_PORT, true);
    awaitIsOpen(cluster, "fleet-0", address("unguarded"), Broker.DEFAULT_PORT, true);

    pause(false);

    awaitIsOpen(cluster, "stranger", address("fleet-0"), INTERNAL_PORT, false);
    awaitIsOpen(cluster, "fleet-0", address("unguarded"), Broker.DEFAULT_PORT, false);
  }

  @Test
  @Order(4)
  void onlyAllowedPeersConnect() {
    var incarnation = broker.incarnation();
    awaitPublishes("gateway", true);
    awaitPublishes("stranger", true);

    allow("podSelector: {matchLabels: {app: gateway}}");
    awaitPublishes("stranger", false);
    awaitPublishes("gateway", true);
    awaitIsOpen(elsewhere, "visitor", address("fleet-0"), Broker.DEFAULT_PORT, false);

    allow("podSelector: {matchLabels: {app: stranger}}");
    awaitPublishes("gateway", false);
    awaitPublishes("stranger", true);

    allow(
        "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "
            + elsewhere.namespace()
            + "}}");
    awaitPublishes("stranger", false);
    awaitIsOpen(elsewhere, "visitor", address("fleet-0"), Broker.DEFAULT_PORT, true);

    cluster.applyAndAwait(fleet(""));
    awaitPublishes("gateway", true);
    awaitPublishes("stranger", true);
    assertThat(broker.incarnation()).as("no change restarts the pod").isEqualTo(incarnation);
  }

  private void allow(String peer) {
    cluster.applyAndAwait(fleet("allowedPeers: [{" + peer + "}]"));
  }

  private void pause(boolean isPaused) {
    var patch = "{\"spec\":{\"paused\":" + isPaused + "}}";
    cluster.kubectl().run("patch", "mqb", "fleet", "--type=merge", "-p", patch).orFail();
    if (isPaused) {
      cluster.awaitCondition("mqb", "fleet", "Ready", "False", "Paused");
    } else {
      cluster.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
    }
  }

  private String address(String pod) {
    return cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withName(pod)
        .get()
        .getStatus()
        .getPodIP();
  }

  private static boolean isOpen(Cluster from, String pod, String host, int port) {
    return succeeds(from, pod, "nc -w 2 %s %d -e true".formatted(host, port));
  }

  private static void awaitIsOpen(
      Cluster from, String pod, String host, int port, boolean expected) {
    await("%s reaches %s, port %d: %s".formatted(pod, host, port, expected))
        .until(() -> isOpen(from, pod, host, port) == expected);
  }

  private void awaitPublishes(String pod, boolean expected) {
    await(pod + " publishes: " + expected).until(() -> succeeds(cluster, pod, PUBLISH) == expected);
  }

  private static ConditionFactory await(String what) {
    return Awaitility.await(what).atMost(Cluster.APPLY_LIMIT).pollInterval(Duration.ofMillis(100));
  }

  /** A failure of kubectl itself is none of the script's. */
  private static boolean succeeds(Cluster from, String pod, String script) {
    var command = "if " + script + "; then echo yes; else echo no; fi";
    return from.kubectl().run("exec", pod, "--", "sh", "-c", command).orFail().contains("yes");
  }
}
