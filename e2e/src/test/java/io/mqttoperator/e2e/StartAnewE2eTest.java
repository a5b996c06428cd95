package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What only Mosquitto's start takes goes from pod to pod, and no pod is replaced. */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StartAnewE2eTest {

  private static final int PODS = 3;
  private static final int ADDED_PORT = 8900;
  private static final Duration ROLLOUT = Duration.ofMinutes(2);

  /** What we aim at is a second at the median; this machine may be busy with other things. */
  private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(3);

  private static final String ACL =
      """
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

  StartAnewE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  private static String fleet(String spec) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: fleet}
           spec: {replicas: 3%s}
           """
        .formatted(spec);
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
    cluster.applyAndAwait(fleet("") + ACL + user("visitor") + users);
  }

  @Test
  @Order(1)
  void aListenerIsAddedWithoutAnotherPod() {
    var before = incarnations();
    var readers = new ArrayList<ReturningReader>();
    var writers = new ArrayList<ReturningWriter>();
    for (int pod = 0; pod < PODS; pod++) {
      readers.add(new ReturningReader(at(pod, "reader-" + pod).keepingSession(), "news/#"));
    }
    readers.forEach(ReturningReader::awaitSubscribed);
    for (int pod = 0; pod < PODS; pod++) {
      writers.add(new ReturningWriter(at(pod, "writer-" + pod), "news/" + pod));
    }
    try {
      writers.forEach(writer -> writer.awaitMore(3));
      cluster.apply(
          fleet(
              ", listeners: [{name: mqtts, port: 8883}, {name: more, port: %d, maxConnections: 9}]"
                  .formatted(ADDED_PORT)));
      Awaitility.await("each client was sent away")
          .atMost(ROLLOUT)
          .until(() -> readers.stream().allMatch(reader -> !reader.absences().isEmpty()));
      cluster.awaitReady("mqb", "fleet", ROLLOUT);
      writers.forEach(writer -> writer.awaitMore(3));
      assertThat(incarnations()).as("pods and their containers").isEqualTo(before);
      for (int pod = 0; pod < PODS; pod++) {
        broker.client("visitor").address(broker.pod(pod, ADDED_PORT)).connect().close();
      }
      assertThat(readers).as("once").allSatisfy(reader -> assertThat(reader.absences()).hasSize(1));
      assertThat(readers.reversed().stream().map(StartAnewE2eTest::began))
          .as("leaves before the hub")
          .isSorted();
      var absences = Stream.of(readers, writers).flatMap(List::stream).map(Returning::absences);
      assertThat(absences.flatMap(List::stream).map(Returning.Absence::length))
          .allSatisfy(length -> assertThat(length).isLessThan(LONGEST_ABSENCE));
      assertNothingIsLost(readers, writers);
    } finally {
      writers.forEach(Returning::close);
      readers.forEach(Returning::close);
    }
  }

  private static Instant began(Returning client) {
    return client.absences().getFirst().began();
  }

  private static void assertNothingIsLost(
      List<ReturningReader> readers, List<ReturningWriter> writers) {
    writers.forEach(ReturningWriter::stop);
    for (var reader : readers) {
      for (var writer : writers) {
        var sent =
            IntStream.rangeClosed(1, writer.acknowledged()).mapToObj(Integer::toString).toList();
        Awaitility.await("all of " + writer.topic())
            .atMost(Cluster.APPLY_LIMIT)
            .untilAsserted(() -> assertThat(reader.heard(writer.topic())).containsAll(sent));
      }
    }
  }

  @Test
  @Order(2)
  void usersReachPodsThatWait() {
    cluster.apply(fleet(", limits: {maxKeepAlive: 900}") + user("newcomer"));
    cluster.awaitReady("mqu", "newcomer", ROLLOUT);
    for (int pod = 0; pod < PODS; pod++) {
      var client = at(pod, "newcomer");
      Awaitility.await("the newcomer is let in")
          .atMost(LONGEST_ABSENCE)
          .ignoreExceptions()
          .until(client::connect, Session::isConnected)
          .close();
    }
    cluster.awaitReady("mqb", "fleet", ROLLOUT);
  }

  @Test
  @Order(3)
  void aWayBackInTheMiddleAndAThirdSettingConverge() {
    var before = incarnations();
    for (var keepAlive : List.of(1000, 900, 1100, 900, 1200)) {
      cluster.apply(fleet(", limits: {maxKeepAlive: %d}".formatted(keepAlive)));
      Awaitility.await("it has begun")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> !isReady() || keepAlive == 900);
    }
    cluster.awaitReady("mqb", "fleet", ROLLOUT);
    assertThat(incarnations()).isEqualTo(before);
    var files =
        cluster
            .client()
            .secrets()
            .inNamespace(cluster.namespace())
            .withName("fleet-files")
            .require();
    assertThat(files.getData().keySet()).noneMatch(name -> name.startsWith("mosquitto.conf-"));
    for (int pod = 0; pod < PODS; pod++) {
      var configuration =
          cluster
              .kubectl()
              .run(
                  "exec",
                  "fleet-" + pod,
                  "-c",
                  "mosquitto",
                  "--",
                  "cat",
                  "/mosquitto/run/mosquitto.conf")
              .orFail();
      assertThat(configuration).contains("\nmax_keepalive 1200\n");
    }
  }

  private boolean isReady() {
    return cluster
        .condition("mqb", "fleet", "Ready")
        .filter(ready -> "True".equals(ready.status()))
        .isPresent();
  }

  private Client at(int pod, String user) {
    return broker.client(user).address(broker.pod(pod, Broker.DEFAULT_PORT));
  }

  /** What another pod, and another container, would have another of. */
  private Map<String, String> incarnations() {
    return cluster.brokerPods().stream()
        .collect(
            Collectors.toMap(pod -> pod.getMetadata().getName(), StartAnewE2eTest::incarnation));
  }

  private static String incarnation(Pod pod) {
    return pod.getMetadata().getUid()
        + pod.getStatus().getContainerStatuses().stream()
            .map(container -> " " + container.getContainerID() + " " + container.getRestartCount())
            .sorted()
            .collect(Collectors.joining());
  }
}
