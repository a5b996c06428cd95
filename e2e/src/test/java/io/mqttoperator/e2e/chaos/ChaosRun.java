package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.chaos.Ledger.Outage;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** A run, from the making of a broker to the verdict. The namespace is the caller's to remove. */
final class ChaosRun {

  static final String BROKER = "fleet";
  static final String LOAD = "load";

  private static final int USER_LIVES = 4;
  private static final int GRANT_LIVES = 2;

  private final Cluster cluster;
  private final Settings settings;
  private final Journal journal;
  private final PrintStream out;
  private final Random random;
  private final Stop stop = new Stop();
  private final Expectations expectations = new Expectations();
  private List<Outage> outages = List.of();

  private ChaosRun(Cluster cluster, Settings settings, PrintStream out) {
    this.cluster = cluster;
    this.settings = settings;
    this.out = out;
    this.journal = new Journal(out);
    this.random = new Random(settings.seed());
  }

  /** What of the promise did not hold; prints what happens, and a summary. */
  static List<String> run(Cluster cluster, Settings settings, ApiServer apiServer, PrintStream out)
      throws ExecutionException, InterruptedException {
    return new ChaosRun(cluster, settings, out).run(apiServer);
  }

  private List<String> run(ApiServer apiServer) throws ExecutionException, InterruptedException {
    journal.say("seed %d, %d pods".formatted(settings.seed(), settings.replicas()));
    cluster.applyAndAwait(Manifests.of(settings.replicas(), settings.autosave(), GRANT_LIVES));
    journal.say("all is Ready");
    var broker = cluster.broker(BROKER);
    try (var pods = new Pods(cluster, broker);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var changesEnd = new Stop();
      var door = new Door(broker.trust(), pods, expectations, journal, stop);
      var load = new Load(settings, broker::login, door, pods, journal, stop);
      var begun = new ArrayList<Future<?>>();
      try {
        load.begin(threads, begun);
        var changes = changes(threads, door, changesEnd);
        begun.add(threads.submit(new Patrol(door, pods, expectations, fork(), stop)));
        var faults = new Faults(cluster, pods, apiServer, fork(), settings, stop);
        outages = new Disturbance(faults, settings, journal, fork(), stop).run();
        journal.say("no more faults");
        changesEnd.tell();
        for (var change : changes) {
          change.get();
        }
        load.settle();
      } finally {
        changesEnd.tell();
        stop.tell();
      }
      for (var one : begun) {
        one.get();
      }
      summary(load.judge(outages), door);
    }
    return journal.violations();
  }

  private RandomGenerator fork() {
    return new Random(random.nextLong());
  }

  private List<Future<?>> changes(ExecutorService threads, Door door, Stop changesEnd) {
    var api = new Api(cluster, journal);
    var begun = new ArrayList<Future<?>>();
    for (int i = 0; i < USER_LIVES; i++) {
      var name = "user-" + i + "-";
      begun.add(threads.submit(new UserLife(name, api, door, expectations, fork(), changesEnd)));
    }
    for (int i = 0; i < GRANT_LIVES; i++) {
      begun.add(threads.submit(new GrantLife(i, api, door, fork(), changesEnd)));
    }
    return begun;
  }

  private void summary(List<String> load, Door door) {
    out.println();
    out.println("| What | How often | Median | Longest |");
    out.println("|---|---|---|---|");
    journal.rows("").forEach(out::println);
    out.println();
    out.println("| What | Number |");
    out.println("|---|---|");
    out.printf("| logins that had to succeed, and did | %d |%n", door.opened());
    out.printf("| logins that had to be refused, and were | %d |%n", door.stayedShut());
    load.forEach(out::println);
    out.printf("| violations of the promise | %d |%n", journal.violations().size());
    journal.violations().forEach(violation -> out.println("VIOLATION " + violation));
  }
}
