package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three pods act as one broker, and change one at a time. */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StarE2eTest {

  private static final int PODS = 3;
  private static final Duration ROLLOUT = Duration.ofMinutes(4);

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        replicas: 3
        podAnnotations: {example.com/turn: "%s"}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: all}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["#"], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;

  StarE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  private static String user(String name) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {brokerRef: {name: fleet}}
           """
        .formatted(name);
  }

  @BeforeAll
  void apply() {
    var users =
        IntStream.range(0, PODS)
            .mapToObj(pod -> user("reader-" + pod) + user("writer-" + pod))
            .collect(Collectors.joining());
    cluster.applyAndAwait(BROKER.formatted("first") + users);
  }

  @Test
  @Order(1)
  void whatIsPublishedOnOnePodReachesEachSubscriberOnEachPodOnce() {
    assertAllHearAll("matrix", 20);
    assertThat(cluster.kubectl().run("describe", "mqb/fleet").orFail())
        .contains("Messages go from pod to pod through fleet-0, at QoS 1 at most");
  }

  @Test
  @Order(2)
  void aUserIsReadyWhenEachPodLetsItIn() {
    cluster.applyAndAwait(user("newcomer"));
    for (int pod = 0; pod < PODS; pod++) {
      at(pod, "newcomer").connect().close();
    }
    cluster.delete("mqu", "newcomer");
    assertThat(cluster.get("mqb", "fleet").<List<?>>get("status", "pods")).hasSize(PODS);
  }

  @Test
  @Order(3)
  void aRestartGoesFromPodToPodAndTheHubIsLast() {
    var before = uids();
    cluster.apply(BROKER.formatted("second"));
    var fewest = new ArrayList<Integer>();
    Awaitility.await("each pod is another, and all is Ready")
        .atMost(ROLLOUT)
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .until(
            () -> {
              fewest.add(ready());
              return uids().values().stream().noneMatch(before.values()::contains)
                  && cluster
                      .condition("mqb", "fleet", "Ready")
                      .filter(ready -> "True".equals(ready.status()))
                      .isPresent();
            });
    assertThat(fewest.stream().min(Integer::compare)).as("ready pods").contains(PODS - 1);
    assertThat(
            List.of(2, 1, 0).stream()
                .map(ordinal -> broker.member(ordinal).getMetadata().getCreationTimestamp()))
        .isSorted();
    assertAllHearAll("restarted", 5);
  }

  @Test
  @Order(4)
  void scalingRestartsNoneThatStay() {
    var before = uids();
    scale(2);
    Awaitility.await("the last pod is gone").atMost(ROLLOUT).until(() -> uids().size() == 2);
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
    scale(PODS);
    Awaitility.await("it is there again").atMost(ROLLOUT).until(() -> uids().size() == PODS);
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
    assertThat(uids()).containsEntry("fleet-0", before.get("fleet-0"));
    assertThat(uids()).containsEntry("fleet-1", before.get("fleet-1"));
    assertAllHearAll("scaled", 5);
  }

  @Test
  @Order(5)
  void aPodWithASessionThatWaitsStaysUntilItIsGivenUp() {
    cluster.applyAndAwait(user("sleeper"));
    var last = at(PODS - 1, "sleeper");
    try (var session = last.keepingSession().connect()) {
      session.subscribe("dreams/#");
    }
    var before = uids();
    // At once: pods tell of their sessions only every ten seconds.
    scale(PODS - 1);
    Awaitility.await("the pod is held")
        .atMost(Cluster.APPLY_LIMIT)
        .untilAsserted(
            () -> assertThat(condition("Accepted").message()).containsPattern("fleet-2 has [1-9]"));
    assertThat(condition("Accepted").reason()).isEqualTo("SessionsRemain");
    cluster.applyAndAwait(user("meanwhile"));
    at(PODS - 1, "meanwhile").connect().close();
    assertThat(uids()).isEqualTo(before);

    cluster
        .kubectl()
        .run("annotate", "mqb/fleet", "mqttoperator.io/skip-scale-down-check=true")
        .orFail();
    Awaitility.await("the pod is gone").atMost(ROLLOUT).until(() -> uids().size() == PODS - 1);
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
  }

  private Condition condition(String type) {
    return cluster.condition("mqb", "fleet", type).orElseThrow();
  }

  private void scale(int replicas) {
    cluster.kubectl().run("scale", "mqb/fleet", "--replicas=" + replicas).orFail();
  }

  /** A subscriber on each pod hears what a client of each pod publishes at QoS 1, in order. */
  private void assertAllHearAll(String topic, int count) {
    var readers = new ArrayList<Session>();
    var writers = new ArrayList<Session>();
    try {
      for (int pod = 0; pod < PODS; pod++) {
        readers.add(at(pod, "reader-" + pod).connect());
        readers.get(pod).subscribe(topic + "/#");
        writers.add(at(pod, "writer-" + pod).connect());
      }
      var expected = new ArrayList<String>();
      for (int i = 0; i < count; i++) {
        for (int pod = 0; pod < PODS; pod++) {
          writers.get(pod).publish(topic + "/" + pod, "message " + i);
          expected.add(topic + "/" + pod + " message " + i);
        }
      }
      for (var reader : readers) {
        Awaitility.await("as many as were published")
            .atMost(Duration.ofSeconds(20))
            .until(() -> reader.received().size() >= expected.size());
        assertThat(heard(reader)).containsExactlyInAnyOrderElementsOf(expected);
        for (int pod = 0; pod < PODS; pod++) {
          var from = topic + "/" + pod + " ";
          assertThat(heard(reader).stream().filter(line -> line.startsWith(from)))
              .containsExactlyElementsOf(
                  expected.stream().filter(line -> line.startsWith(from)).toList());
        }
      }
    } finally {
      readers.forEach(Session::close);
      writers.forEach(Session::close);
    }
  }

  private static List<String> heard(Session reader) {
    return reader.received().stream()
        .map(message -> message.topic() + " " + message.payload())
        .toList();
  }

  private Client at(int pod, String user) {
    return broker.client(user).address(broker.pod(pod, Broker.DEFAULT_PORT));
  }

  private int ready() {
    return (int)
        pods().stream()
            .filter(
                pod ->
                    pod.getStatus().getConditions().stream()
                        .anyMatch(
                            condition ->
                                "Ready".equals(condition.getType())
                                    && "True".equals(condition.getStatus())))
            .count();
  }

  private Map<String, String> uids() {
    return pods().stream()
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), pod -> pod.getMetadata().getUid()));
  }

  private List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withLabel("app.kubernetes.io/component", "broker")
        .list()
        .getItems();
  }
}
