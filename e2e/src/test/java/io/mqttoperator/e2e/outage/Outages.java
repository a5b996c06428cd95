package io.mqttoperator.e2e.outage;

import io.mqttoperator.e2e.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prints the tables of docs/outages.md. Needs a cluster with the operator in it whose pods this
 * machine reaches, makes namespaces of its own there, and removes them. {@code e2e/outage} runs it.
 */
public final class Outages {

  private final Settings settings;
  private final BrokerUnderChange broker;
  private final Fleet fleet;
  private final OutageTable table;
  private final List<OutageRow> rows = new ArrayList<>();
  private int failures;

  /**
   * @param repetitions of changes that are quick
   * @param slowRepetitions of those that restart pods
   * @param only names of changes; a round is done if one of its names matches
   */
  private record Settings(
      int repetitions,
      int slowRepetitions,
      Pattern only,
      boolean stopsOperator,
      boolean stopsApiServer) {}

  private Outages(Settings settings, BrokerUnderChange broker, Fleet fleet) {
    this.settings = settings;
    this.broker = broker;
    this.fleet = fleet;
    table = new OutageTable(System.out, fleet.clients(), fleet.roamers());
  }

  /**
   * Arguments: replicas (such as 1,3), repetitions, repetitions of slow changes, a pattern, whether
   * to stop the operator, whether to stop the API server. The kubeconfig is the system property
   * {@code e2e.kubeconfig}.
   */
  public static void main(String[] arguments) throws Exception {
    var settings =
        new Settings(
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Pattern.compile(arguments[3]),
            Boolean.parseBoolean(arguments[4]),
            Boolean.parseBoolean(arguments[5]));
    var isAsExpected = true;
    for (var replicas : List.of(arguments[0].split(",", -1))) {
      isAsExpected &= measure(Integer.parseInt(replicas), settings);
    }
    System.exit(isAsExpected ? 0 : 1);
  }

  private static boolean measure(int replicas, Settings settings) throws Exception {
    var name = "outage-%d-%05x".formatted(replicas, ThreadLocalRandom.current().nextInt(1 << 20));
    try (var cluster = Cluster.withNewNamespace(name)) {
      try (var broker = new BrokerUnderChange(cluster, replicas)) {
        cluster.applyAndAwait(
            broker.manifest()
                + Access.user(AccessChanges.OTHER)
                + Access.rules(Access.RULES, "b")
                + Fleet.manifests(replicas));
        broker.awaitSettled("at first");
        try (var fleet = Fleet.of(broker)) {
          fleet.start();
          return new Outages(settings, broker, fleet).run();
        }
      } finally {
        cluster.deleteNamespace();
      }
    }
  }

  private boolean run() {
    var started = System.nanoTime();
    System.out.printf(
        "%n%d pods, %d clients, %d more by the Service; %s%n%n",
        broker.spec().replicas(), fleet.clients(), fleet.roamers(), Instant.now());
    table.head();
    rounds().filter(this::isWanted).forEach(this::run);
    var measured = rows.stream().flatMap(row -> row.outages().stream()).toList();
    System.out.printf(
        "%nMeasured in %d s. Between the changes clients were away %d times.%n",
        Duration.ofNanos(System.nanoTime() - started).toSeconds(),
        fleet.absences() - measured.stream().mapToInt(one -> one.absences().size()).sum());
    var others = rows.stream().filter(row -> !row.isAsExpected()).toList();
    others.forEach(
        row ->
            System.out.printf(
                "Not as expected (%s): %s%n", row.change().expectation(), row.change().name()));
    return others.isEmpty() && failures == 0;
  }

  private Stream<Round> rounds() {
    int replicas = broker.spec().replicas();
    return Stream.of(
            AccessChanges.all(),
            SpecChanges.reloads(replicas),
            SpecChanges.restarts(replicas),
            PodChanges.all(replicas),
            settings.stopsOperator() ? ControlPlaneChanges.operator() : List.<Round>of(),
            settings.stopsApiServer() ? ControlPlaneChanges.apiServer() : List.<Round>of())
        .flatMap(List::stream);
  }

  private boolean isWanted(Round round) {
    return round.changes().stream()
        .anyMatch(change -> settings.only().matcher(change.name()).find());
  }

  private void run(Round round) {
    var measured =
        round.changes().stream().map(change -> new OutageRow(change, new ArrayList<>())).toList();
    var times = round.isSlow() ? settings.slowRepetitions() : settings.repetitions();
    var goesOn = true;
    for (int repetition = 0; repetition < times && goesOn; repetition++) {
      for (var row : measured) {
        goesOn = goesOn && isMeasured(row, repetition);
      }
    }
    measured.stream().filter(row -> !row.outages().isEmpty()).forEach(this::add);
  }

  private void add(OutageRow row) {
    rows.add(row);
    table.row(row);
  }

  /**
   * A change that fails, however it does, leaves the broker as it was before for those that follow;
   * it is printed, and in the end the program fails for it.
   */
  private boolean isMeasured(OutageRow row, int repetition) {
    var former = broker.spec();
    try {
      row.outages().add(new Measurement(broker, fleet).measure(row.change(), repetition));
      return true;
    } catch (Exception | AssertionError failure) {
      failures++;
      table.failure(row.change(), failure);
      broker.restore(former);
      return false;
    }
  }
}
