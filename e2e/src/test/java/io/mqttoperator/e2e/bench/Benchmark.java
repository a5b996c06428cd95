package io.mqttoperator.e2e.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mqttoperator.e2e.Kubeconfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Prints the figures of docs/performance.md as Markdown tables. Needs a cluster with the operator
 * in it, makes a namespace of its own there, and removes it. {@code e2e/bench} runs it.
 */
public final class Benchmark {

  private static final String NAMESPACE = "mqtt-operator-bench";
  private static final String BROKER = "bench";
  private static final String ACL = "own-topics";
  private static final int RULES = 5;
  private static final int FEWER_SAMPLES = 10;
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final Duration STEADY = Duration.ofSeconds(30);
  private static final Map<String, Object> USER = Map.of("brokerRef", Map.of("name", BROKER));

  private static final Map<String, Object> DEVICE =
      Map.of("brokerRef", Map.of("name", BROKER), "certificate", Map.of());

  private static final Map<String, Object> FOR_DEVICES =
      Map.of(
          "listeners",
          List.of(
              Map.of("name", "mqtts", "port", 8883),
              Map.of("name", "devices", "port", 8885, "authentication", "Certificate")));

  private final PrintStream out = System.out;
  private final Settings settings;
  private final KubernetesClient client;
  private final Resources brokers;
  private final Resources users;
  private final Resources acls;
  private final AuditLog audit;
  private final OperatorPod operator;
  private final List<String> costs = new ArrayList<>();

  /**
   * What is asked for.
   *
   * @param certificates whether users have one, and no password
   */
  private record Settings(
      List<Integer> sizes, int samples, Path auditLog, boolean brokers, boolean certificates) {

    Map<String, Object> user() {
      return certificates ? DEVICE : USER;
    }
  }

  private Benchmark(Settings settings, KubernetesClient client) {
    this.settings = settings;
    this.client = client;
    brokers = new Resources(client, NAMESPACE, "MqttBroker");
    users = new Resources(client, NAMESPACE, "MqttUser");
    acls = new Resources(client, NAMESPACE, "MqttAcl");
    audit = new AuditLog(settings.auditLog(), NAMESPACE);
    operator = new OperatorPod(client);
  }

  /**
   * Arguments: users (such as 10,1000), samples, the audit log, the kubeconfig, whether brokers are
   * measured, too, whether users have certificates.
   */
  public static void main(String[] arguments) throws Exception {
    var sizes = List.of(arguments[0].split(",", -1)).stream().map(Integer::valueOf).toList();
    var settings =
        new Settings(
            sizes,
            Integer.parseInt(arguments[1]),
            Path.of(arguments[2]),
            Boolean.parseBoolean(arguments[4]),
            Boolean.parseBoolean(arguments[5]));
    var config = Kubeconfig.read(Path.of(arguments[3]));
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      var namespace =
          new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
      client.resource(namespace).create();
      try {
        new Benchmark(settings, client).run();
      } finally {
        client.namespaces().withName(NAMESPACE).delete();
      }
    }
    System.exit(0);
  }

  private void run() throws Exception {
    out.println("| What | Samples | Median | 95 % | Longest |");
    out.println("|---|---|---|---|---|");
    if (settings.brokers()) {
      brokersAlone();
    }
    brokers.create(BROKER, settings.certificates() ? FOR_DEVICES : Map.of());
    acls.create(ACL, ownTopics("bench"));
    for (int size : settings.sizes()) {
      withUsers(size);
    }
    out.println();
    out.println("| What | Figure |");
    out.println("|---|---|");
    costs.forEach(out::println);
    out.printf("| Start of the operator to full caches | %s |%n", operator.startUp());
  }

  private void brokersAlone() throws Exception {
    measure(
        "Broker with a volume: apply to Ready",
        FEWER_SAMPLES,
        i -> broker("volume-" + i, Map.of()));
    measure(
        "Broker without a volume: apply to Ready",
        FEWER_SAMPLES,
        i -> broker("ephemeral-" + i, Map.of("storage", Map.of("ephemeral", true))));
  }

  private Duration broker(String name, Map<String, Object> spec) throws Exception {
    var took = brokers.create(name, spec);
    brokers.delete(name);
    return took;
  }

  private void withUsers(int size) throws Exception {
    var names = IntStream.range(0, size).mapToObj(i -> "user-" + size + "-" + i).toList();
    var all = users.createAll(names, settings.user());
    out.printf(
        "| %d users, all at once: the first apply to the last Ready | 1 | %s | | |%n",
        size, Samples.seconds(all.ready()));
    out.printf(
        "| of that, until the API server had taken them all | 1 | %s | | |%n",
        Samples.seconds(all.accepted()));
    var with = " with %d users".formatted(size);
    alone("User added, alone," + with, settings.samples(), i -> usable("alone-" + size + "-" + i));
    alone(
        "User deleted, alone," + with,
        settings.samples(),
        i -> users.delete("alone-" + size + "-" + i));
    alone(
        "ACL of all users changed, alone," + with,
        FEWER_SAMPLES,
        i -> acls.change(ACL, ownTopics("bench-" + size + "-" + i)));
    backToBack("User added, back to back," + with, i -> usable("next-" + size + "-" + i));
    backToBack("User deleted, back to back," + with, i -> users.delete("next-" + size + "-" + i));
    steady("Nothing changes for %d s,".formatted(STEADY.toSeconds()) + with);
    costs.add("| Operator's resident memory%s | %s |".formatted(with, operator.memory()));
    out.printf(
        "| %d users deleted at once: the first delete to the last one gone | 1 | %s | | |%n",
        size, Samples.seconds(users.deleteAll(names)));
  }

  /** From the apply until it is Ready; then its Secret has what it connects with. */
  private Duration usable(String name) throws Exception {
    var took = users.create(name, settings.user());
    var key = settings.certificates() ? "tls.crt" : "password";
    var secret = client.secrets().inNamespace(NAMESPACE).withName(name + "-mqtt").get();
    if (secret == null || !secret.getData().containsKey(key)) {
      throw new IllegalStateException("user " + name + " is Ready without " + key);
    }
    return took;
  }

  /** One step, which is told its number and answers how long it took. */
  private interface Step {
    Duration take(int number) throws Exception;
  }

  private void alone(String what, int samples, Step step) throws Exception {
    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    var from = Instant.now();
    measure(
        what,
        samples,
        i -> {
          var took = step.take(i);
          TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
          return took;
        });
    var writes = audit.writes(from, Instant.now(), samples);
    costs.add("| API writes: %s | %s |".formatted(what, writes));
  }

  private void backToBack(String what, Step step) throws Exception {
    measure(what, settings.samples(), step);
  }

  private void steady(String what) throws Exception {
    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    var from = Instant.now();
    TimeUnit.MILLISECONDS.sleep(STEADY.toMillis());
    costs.add("| API writes: %s | %s |".formatted(what, audit.writes(from, Instant.now(), 1)));
  }

  private void measure(String what, int samples, Step step) throws Exception {
    var taken = new ArrayList<Duration>();
    for (int i = 0; i < samples; i++) {
      taken.add(step.take(i));
    }
    out.printf("| %s | %s |%n", what, Samples.of(taken).cells());
  }

  private static Map<String, Object> ownTopics(String prefix) {
    return Map.of(
        "brokerRef",
        Map.of("name", BROKER),
        "subjects",
        List.of(Map.of("allUsers", true)),
        "rules",
        IntStream.range(0, RULES)
            .mapToObj(
                i ->
                    Map.of(
                        "topics",
                        List.of("%s/{username}/%d/#".formatted(prefix, i)),
                        "access",
                        List.of("Publish", "Subscribe")))
            .toList());
  }
}
