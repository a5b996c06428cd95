package io.mqttoperator.e2e.bench;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Session;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Fills a listener with real connections, TLS and plain, and prints what they cost as a Markdown
 * table. {@code e2e/connections} runs it.
 */
public final class Connections {

  private static final int PLAIN_PORT = 1883;
  private static final int AT_ONCE = 64;
  private static final int STORMS = 5;
  private static final int SAMPLES = 5;
  private static final int SCRAPES = 10;
  private static final int PULSE_PORT = 1884;
  private static final long MIB = 1024 * 1024;
  private static final Duration CALM = Duration.ofSeconds(1);
  private static final double KIB = 1024;

  private final Cluster cluster;
  private final int connections;
  private final PrintStream out = System.out;
  private final ArrayList<String> broken = new ArrayList<>();

  private Connections(Cluster cluster, int connections) {
    this.cluster = cluster;
    this.connections = connections;
  }

  /** Arguments: how many connections, the kubeconfig. Ends with 1 if a limit did not hold. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("e2e.kubeconfig", arguments[1]);
    var name =
        "mqtt-operator-connections-%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    boolean holds;
    try (var cluster = Cluster.withNewNamespace(name)) {
      try {
        holds = new Connections(cluster, Integer.parseInt(arguments[0])).run();
      } finally {
        cluster.deleteNamespace();
      }
    }
    System.exit(holds ? 0 : 1);
  }

  private boolean run() throws Exception {
    out.printf("| %,d connections | TLS | Plain |%n|---|---|---|%n", connections);
    var encrypted = measure("tls", true);
    var plain = measure("plain", false);
    encrypted.forEach(
        (what, value) -> out.printf("| %s | %s | %s |%n", what, value, plain.get(what)));
    broken.forEach(what -> out.println("NOT AS PROMISED: " + what));
    return broken.isEmpty();
  }

  private Map<String, String> measure(String name, boolean isEncrypted) throws Exception {
    var rows = new LinkedHashMap<String, String>();
    cluster.applyAndAwait(manifests(name, isEncrypted));
    var broker = cluster.broker(name);
    var pod = broker.pods().getFirst();
    var before = BrokerMemory.of(cluster, name + "-0");
    try (var crowd = new Crowd(client(broker, isEncrypted))) {
      var took = grow(name, crowd, AT_ONCE);
      rows.put("until all are connected, %d at a time".formatted(AT_ONCE), Samples.seconds(took));
      rows.put("one more", isFull(name, crowd) ? "refused" : "let in");
      rows.put("one leaves: until another gets in", Samples.seconds(crowd.replaceOne()));
      require(isFull(name, crowd), name + ": more than the limit are let in after a replacement");
      var after = BrokerMemory.of(cluster, name + "-0");
      rows.put("Mosquitto, resident, before", mebibytes(before.resident()));
      rows.put("Mosquitto, resident, all connected", mebibytes(after.resident()));
      rows.put("resident for each connection", each(after.resident() - before.resident()));
      rows.put("container for each connection", each(after.container() - before.container()));
      try (var pulse = new Pulse(pulse(broker))) {
        users(name, crowd, pulse, rows);
      }
      rows.put(
          "resident for each connection after these",
          each(BrokerMemory.of(cluster, name + "-0").resident() - before.resident()));
      crowd.leave();
      took = grow(name, crowd, connections / STORMS);
      rows.put(
          "all leave, and come back %d at a time".formatted(connections / STORMS),
          Samples.seconds(took));
      rows.put("container, at its peak", mebibytes(BrokerMemory.of(cluster, name + "-0").peak()));
      rows.put("the pod's memory request, as derived", mebibytes(BrokerMemory.request(pod)));
      rows.put("the pod's memory limit, as derived", mebibytes(BrokerMemory.limit(pod)));
    }
    require(
        broker.pods().getFirst().getStatus().getContainerStatuses().getFirst().getRestartCount()
            == 0,
        name + ": the broker was restarted");
    cluster.deleteLater("mqb", name);
    return rows;
  }

  /** Each addition is a reload. */
  private void users(String name, Crowd crowd, Pulse pulse, Map<String, String> rows)
      throws Exception {
    var calm = new ArrayList<Duration>();
    for (int i = 0; i < SAMPLES; i++) {
      var unused = pulse.longest();
      Thread.sleep(CALM);
      calm.add(pulse.longest());
    }
    rows.put(
        "longest answer in a calm second, median of %d (longest)".formatted(SAMPLES),
        told(calm, Samples::milliseconds));
    scrapes(pulse, rows);
    try (var users = new Resources(cluster.client(), cluster.namespace(), "MqttUser")) {
      var taken = new ArrayList<Duration>();
      var stalls = new ArrayList<Duration>();
      for (int i = 0; i < SAMPLES; i++) {
        var unused = pulse.longest();
        taken.add(users.create(name + "-more-" + i, Map.of("brokerRef", Map.of("name", name))));
        stalls.add(pulse.longest());
      }
      rows.put(
          "user added, apply to Ready, median of %d (longest)".formatted(SAMPLES),
          told(taken, Samples::seconds));
      rows.put(
          "longest answer while that reloads, median of %d (longest)".formatted(SAMPLES),
          told(stalls, Samples::milliseconds));
    }
    var left = connections - crowd.connected();
    rows.put("disconnected by that", String.valueOf(left));
    require(left == 0, name + ": a reload disconnects clients");
    rows.put("one more after that", isFull(name, crowd) ? "refused" : "let in");
  }

  /** What it costs that Prometheus asks, ten times a second instead of twice a minute. */
  private void scrapes(Pulse pulse, Map<String, String> rows) throws InterruptedException {
    var operator = new OperatorPod(cluster.client());
    var answers = new ArrayList<Duration>();
    var asked = new ArrayList<Duration>();
    var before = operator.processorTime();
    for (int i = 0; i < SAMPLES; i++) {
      var unused = pulse.longest();
      var began = System.nanoTime();
      while (System.nanoTime() - began < CALM.toNanos()) {
        var start = System.nanoTime();
        var told = operator.scrape();
        asked.add(Duration.ofNanos(System.nanoTime() - start));
        require(told.contains("mqtt_broker_clients_connected"), "a scrape tells of no broker");
        Thread.sleep(CALM.dividedBy(SCRAPES));
      }
      answers.add(pulse.longest());
    }
    var cost = operator.processorTime().minus(before).dividedBy(asked.size());
    rows.put(
        "longest answer in a second with up to %d scrapes, median of %d (longest)"
            .formatted(SCRAPES, SAMPLES),
        told(answers, Samples::milliseconds));
    rows.put("a scrape takes, median (longest)", told(asked, Samples::milliseconds));
    rows.put("the operator's processor time for each", Samples.milliseconds(cost));
  }

  private static String told(List<Duration> taken, Function<Duration, String> unit) {
    var samples = Samples.of(taken);
    return "%s (%s)"
        .formatted(unit.apply(samples.percentile(50)), unit.apply(samples.percentile(100)));
  }

  private static Session pulse(Broker broker) {
    return Client.withoutTls(broker.service(PULSE_PORT))
        .login(broker.login(broker.name() + "-crowd"))
        .connect();
  }

  private Duration grow(String name, Crowd crowd, int atOnce) throws InterruptedException {
    var started = System.nanoTime();
    var refused = 0;
    // Who comes while others leave, or too many at a time, is closed: it comes again, as devices
    // do.
    while (crowd.connected() < connections && refused < STORMS * connections) {
      refused += crowd.grow(connections - crowd.connected(), atOnce);
    }
    require(crowd.connected() == connections, name + ": not all were let in");
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private boolean isFull(String name, Crowd crowd) {
    var isFull = crowd.isFull();
    require(isFull, name + ": one more than maxConnections is let in");
    return isFull;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  private static Client client(Broker broker, boolean isEncrypted) {
    var client =
        isEncrypted
            ? Client.at(broker.service(Broker.DEFAULT_PORT), broker.trust())
            : Client.withoutTls(broker.service(PLAIN_PORT));
    return client.login(broker.login(broker.name() + "-crowd"));
  }

  private String each(long bytes) {
    return "%.1f KiB".formatted(bytes / KIB / connections);
  }

  private static String mebibytes(long bytes) {
    return bytes == 0 ? "not told" : "%d MiB".formatted(bytes / MIB);
  }

  private String manifests(String name, boolean isEncrypted) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: %s}
           spec:
             listeners:
             - {name: crowd, port: %d, clientId: Any, maxConnections: %d, tls: {enabled: %s}}
             - {name: pulse, port: %d, clientId: Any, maxConnections: 10, tls: {enabled: false}}
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s-crowd}
           spec: {brokerRef: {name: %s}}
           """
        .formatted(
            name,
            isEncrypted ? Broker.DEFAULT_PORT : PLAIN_PORT,
            connections,
            isEncrypted,
            PULSE_PORT,
            name,
            name);
  }
}
