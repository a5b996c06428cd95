package io.mqttoperator.e2e.upgrade;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Returning;
import io.mqttoperator.e2e.ReturningReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A broker with clients on each of its pods: for each kind of credentials one that publishes, and
 * one that hears all of them, from the next pod.
 */
final class BrokerUnderUpgrade implements AutoCloseable {

  private static final String TOPICS = "up/";

  private final Cluster cluster;
  private final Broker broker;
  private final int replicas;
  private final List<Writer> writers = new ArrayList<>();
  private final List<ReturningReader> readers = new ArrayList<>();

  BrokerUnderUpgrade(Cluster cluster, String name, int replicas) {
    this.cluster = cluster;
    this.broker = cluster.broker(name);
    this.replicas = replicas;
  }

  String name() {
    return broker.name();
  }

  int replicas() {
    return replicas;
  }

  Broker broker() {
    return broker;
  }

  private String writer(Credentials credentials, int pod) {
    return "%s-%s-%d".formatted(name(), credentials.label(), pod);
  }

  private String reader(int pod) {
    return "%s-reader-%d".formatted(name(), pod);
  }

  private IntStream pods() {
    return IntStream.range(0, replicas);
  }

  /** Those that are there from the beginning to the end. */
  List<String> users() {
    return Stream.concat(
            pods()
                .boxed()
                .flatMap(pod -> Arrays.stream(Credentials.values()).map(one -> writer(one, pod))),
            pods().mapToObj(this::reader))
        .toList();
  }

  String manifests() {
    var writersOf =
        pods()
            .boxed()
            .flatMap(
                pod -> Arrays.stream(Credentials.values()).map(one -> user(writer(one, pod), one)));
    var readersOf = pods().mapToObj(pod -> user(reader(pod), Credentials.PASSWORD));
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: %1$s}
           spec:
             replicas: %2$d
             storage: {autosaveInterval: 1s}
             listeners:
             - {name: mqtts, port: %3$d}
             - {name: tiny, port: %4$d, authentication: PreSharedKey}
             - {name: devices, port: %5$d, authentication: Certificate}
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %1$s-own}
           spec:
             brokerRef: {name: %1$s}
             subjects: [{allUsers: true}]
             rules: [{topics: ["up/{username}"], access: [Publish]}]
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %1$s-all}
           spec:
             brokerRef: {name: %1$s}
             subjects: [%6$s]
             rules: [{topics: ["up/#"], access: [Subscribe]}]
           """
            .formatted(
                name(),
                replicas,
                Credentials.PASSWORD.port(),
                Credentials.PRE_SHARED_KEY.port(),
                Credentials.CERTIFICATE.port(),
                pods()
                    .mapToObj(pod -> "{user: %s}".formatted(reader(pod)))
                    .collect(Collectors.joining(", ")))
        + Stream.concat(writersOf, readersOf).collect(Collectors.joining());
  }

  String user(String user, Credentials credentials) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {brokerRef: {name: %s}, %s}
           """
        .formatted(user, name(), credentials.spec());
  }

  /** Connects all, and publishes from then on. */
  void start() {
    pods().forEach(pod -> readers.add(read(pod)));
    readers.forEach(ReturningReader::awaitSubscribed);
    pods()
        .forEach(
            pod ->
                Arrays.stream(Credentials.values()).forEach(one -> writers.add(write(one, pod))));
    awaitMore(10);
  }

  private ReturningReader read(int pod) {
    var near = (pod + 1) % replicas;
    return new ReturningReader(
        () -> Credentials.PASSWORD.client(broker, near, reader(pod)).keepingSession(),
        TOPICS + "#");
  }

  private Writer write(Credentials credentials, int pod) {
    var user = writer(credentials, pod);
    return new Writer(() -> credentials.client(broker, pod, user), TOPICS + user);
  }

  /** Until each writer has had so many more messages acknowledged. */
  void awaitMore(int count) {
    var goals = writers.stream().map(writer -> writer.acknowledged() + count).toList();
    Awaitility.await("%d more messages of each client of %s".formatted(count, name()))
        .atMost(Cluster.START_LIMIT)
        .until(
            () ->
                IntStream.range(0, writers.size())
                    .allMatch(index -> writers.get(index).acknowledged() >= goals.get(index)));
  }

  int clients() {
    return writers.size() + readers.size();
  }

  /** How often each client was away so far. */
  List<Integer> absences() {
    return Stream.<Returning>concat(writers.stream(), readers.stream())
        .map(client -> client.absences().size())
        .toList();
  }

  int refusals() {
    return writers.stream().mapToInt(Writer::refusals).sum();
  }

  int acknowledged() {
    return writers.stream().mapToInt(Writer::acknowledged).sum();
  }

  /** Messages that were acknowledged, and that a reader has not heard though all else has come. */
  int lost() {
    writers.forEach(Returning::stop);
    try {
      Awaitility.await()
          .atMost(Cluster.APPLY_LIMIT)
          .pollInterval(java.time.Duration.ofSeconds(1))
          .until(() -> missing() == 0);
    } catch (org.awaitility.core.ConditionTimeoutException neverCame) {
      return missing();
    }
    return 0;
  }

  private int missing() {
    var missing = 0;
    for (var reader : readers) {
      for (var writer : writers) {
        var heard = Set.copyOf(reader.heard(writer.topic()));
        missing +=
            (int)
                IntStream.rangeClosed(1, writer.acknowledged())
                    .filter(number -> !heard.contains(Integer.toString(number)))
                    .count();
      }
    }
    return missing;
  }

  /**
   * A new user gets in on each pod; deleted, its sessions are over, and no pod lets it in again.
   */
  void tryUser(String label) {
    for (var credentials : Credentials.values()) {
      var user = "%s-%s-%s".formatted(name(), label, credentials.label());
      cluster.applyAndAwait(user(user, credentials).substring("---\n".length()));
      var clients = pods().mapToObj(pod -> credentials.client(broker, pod, user)).toList();
      var sessions = clients.stream().map(client -> client.clientId(user).connect()).toList();
      cluster.delete("mqu", user);
      for (var session : sessions) {
        Awaitility.await("the end of the session of " + user)
            .atMost(Cluster.APPLY_LIMIT)
            .until(() -> !session.isConnected());
      }
      for (var client : clients) {
        requireRefused(user, client);
      }
    }
  }

  private static void requireRefused(String user, io.mqttoperator.e2e.Client client) {
    try {
      client.connect().close();
    } catch (Refused refused) {
      return;
    }
    throw new AssertionError(user + " is deleted, and gets in");
  }

  @Override
  public void close() {
    writers.forEach(Returning::stop);
    readers.forEach(Returning::stop);
  }
}
