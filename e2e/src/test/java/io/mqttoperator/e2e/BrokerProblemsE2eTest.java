package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a broker is said in a reason; a broker that runs goes on as it was. */
@OnCluster
final class BrokerProblemsE2eTest {

  private static final String OLD_MOSQUITTO = "docker.io/library/eclipse-mosquitto:2.0.21";
  private static final String NO_MOSQUITTO = "localhost/pause:1";
  private static final String NO_IMAGE = "localhost/there-is-no-such-image:1";

  private final Cluster cluster;
  private final Broker steady;

  BrokerProblemsE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.steady = cluster.broker("steady");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(broker("steady", "") + user("steady"));
  }

  private static String broker(String name, String spec) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: %s}
           spec: {%s}
           """
        .formatted(name, spec);
  }

  private static String user(String broker) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %1$s-user}
           spec: {brokerRef: {name: %1$s}}
           """
        .formatted(broker);
  }

  /** What cannot be in effect, its reason, and what the message has to tell. */
  record Problem(String name, String spec, String reason, List<String> told) {

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Problem> problems() {
    return List.of(
        new Problem(
            "not-mosquitto",
            "image: '" + NO_MOSQUITTO + "'",
            "UnsupportedMosquitto",
            List.of(NO_MOSQUITTO)),
        new Problem(
            "old-mosquitto",
            "image: '" + OLD_MOSQUITTO + "'",
            "UnsupportedMosquitto",
            List.of(OLD_MOSQUITTO, "2.0.21", "2.1.2")),
        new Problem("no-image", "image: '" + NO_IMAGE + "'", "ImagePullFailed", List.of(NO_IMAGE)),
        new Problem(
            "too-large",
            "listeners: [{name: mqtts, port: 8883, maxConnections: 100000}],"
                + " resources: {limits: {memory: 128Mi}}",
            "TooLarge",
            List.of(
                "134217728", "100064 connections", "maxConnections", "resources.limits.memory")));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void aNewBrokerTellsIt(Problem problem) {
    cluster.apply(broker(problem.name(), problem.spec()));

    var ready = cluster.awaitCondition("mqb", problem.name(), "Ready", "False", problem.reason());
    assertThat(ready.message()).contains(problem.told());
    assertThat(cluster.condition("mqb", problem.name(), "Accepted"))
        .hasValueSatisfying(accepted -> assertThat(accepted.status()).isEqualTo("False"));
    assertThat(Kstatus.of(cluster.get("mqb", problem.name()))).isEqualTo(Kstatus.FAILED);
    assertThat(cluster.broker(problem.name()).pods())
        .noneMatch(pod -> pod.getMetadata().getName().equals(problem.name() + "-0"));
    cluster.delete("mqb", problem.name());
  }

  @ParameterizedTest
  @MethodSource("problems")
  void aRunningBrokerGoesOnAsItWas(Problem problem) {
    var before = steady.incarnation();
    try (var session = steady.client("steady-user").connect()) {
      cluster.apply(broker("steady", problem.spec()));

      cluster.awaitCondition("mqb", "steady", "Ready", "False", problem.reason());
      assertThat(Kstatus.of(cluster.get("mqb", "steady"))).isEqualTo(Kstatus.FAILED);
      cluster.applyAndAwait(user("steady").replace("steady-user", "added-" + problem.name()));
      try (var added = steady.client("added-" + problem.name()).connect()) {
        assertThat(added.isConnected()).as("users are served on").isTrue();
      }
      cluster.applyAndAwait(broker("steady", ""));
      session.subscribe("none");
      assertThat(session.isConnected()).isTrue();
    }
    assertThat(steady.incarnation()).isEqualTo(before);
  }

  @Test
  void aStorageClassThatIsNotThere() {
    cluster.apply(broker("volumeless", "storage: {storageClassName: no-such-class}"));

    var ready = cluster.awaitCondition("mqb", "volumeless", "Ready", "False", "VolumePending");
    assertThat(ready.message()).contains("data-volumeless-0", "storageClassName");
    assertThat(Kstatus.of(cluster.get("mqb", "volumeless"))).isEqualTo(Kstatus.IN_PROGRESS);
  }

  /**
   * A node selector is a setting of the pod: Kubernetes replaces the pod by one that no node takes.
   */
  @Test
  void aNodeSelectorThatNoNodeHas() {
    cluster.applyAndAwait(broker("choosy", "") + user("choosy"));
    var before = cluster.broker("choosy").incarnation();

    cluster.apply(broker("choosy", "nodeSelector: {no-such: label}"));

    var ready = cluster.awaitCondition("mqb", "choosy", "Ready", "False", "Unschedulable");
    assertThat(ready.message()).contains("choosy-0", "affinity/selector");
    cluster.applyAndAwait(broker("choosy", ""));
    try (var session = cluster.broker("choosy").client("choosy-user").connect()) {
      assertThat(session.isConnected()).isTrue();
    }
    assertThat(cluster.broker("choosy").incarnation()).isNotEqualTo(before);
  }

  /** Also where the image has not been tried yet, which takes a pod of its own. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {"docker.io/library/eclipse-mosquitto:2.1.2", "localhost/mosquitto:dash"})
  void aNewBrokerThatNoNodeTakes(String image) {
    var name = "stray-" + image.replaceAll(".*:|\\.", "");
    cluster.apply(broker(name, "image: '" + image + "', nodeSelector: {no-such: label}"));

    var ready = cluster.awaitCondition("mqb", name, "Ready", "False", "Unschedulable");
    assertThat(ready.message()).contains("affinity/selector");
    assertThat(Kstatus.of(cluster.get("mqb", name))).isEqualTo(Kstatus.IN_PROGRESS);
    cluster.applyAndAwait(broker(name, "image: '" + image + "'"));
    cluster.delete("mqb", name);
  }

  @Test
  void aDatabaseThatMosquittoCannotRead() {
    cluster.applyAndAwait(broker("corrupt", ""));
    cluster
        .kubectl()
        .run(
            "exec",
            "corrupt-0",
            "--",
            "sh",
            "-c",
            "echo garbage >/mosquitto/data/mosquitto.db; " + MosquittoInPod.signal("KILL"))
        .orFail();

    var ready =
        Awaitility.await("Mosquitto's own words")
            .atMost(Cluster.START_LIMIT)
            .until(
                () -> cluster.condition("mqb", "corrupt", "Ready").orElseThrow(),
                seen ->
                    seen.reason().equals("BrokerFailed") && seen.message().contains("database"));
    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.message()).contains("corrupt-0").doesNotContainPattern("\\p{Cntrl}");
  }
}
