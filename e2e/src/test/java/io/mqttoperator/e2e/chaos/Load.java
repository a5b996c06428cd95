package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Login;
import io.mqttoperator.e2e.chaos.Ledger.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A writer and a reader on each pod: every reader is to hear every writer. */
final class Load {

  private static final Duration POLL = Duration.ofMillis(500);

  /** With nothing new in so much time, nothing more will come. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final List<Writer> writers;
  private final List<Reader> readers;
  private final Journal journal;
  private final Stop stop;

  /** Of each pod's writer and reader, by ordinal. */
  Load(
      Settings settings,
      Function<String, Login> logins,
      Door door,
      Pods pods,
      Journal journal,
      Stop stop) {
    this.journal = journal;
    this.stop = stop;
    writers =
        IntStream.range(0, settings.replicas())
            .mapToObj(
                pod ->
                    new Writer(
                        pod,
                        logins.apply(writer(pod)),
                        door,
                        pods,
                        journal,
                        settings.perSecond(),
                        stop))
            .toList();
    readers =
        IntStream.range(0, settings.replicas())
            .mapToObj(pod -> new Reader(pod, logins.apply(reader(pod)), door, pods, journal, stop))
            .toList();
  }

  static String writer(int pod) {
    return "writer-" + pod;
  }

  static String reader(int pod) {
    return "reader-" + pod;
  }

  /** Writes once every reader has subscribed. */
  void begin(ExecutorService threads, List<Future<?>> begun) {
    readers.forEach(reader -> begun.add(threads.submit(reader)));
    until(
        LONGEST,
        "every reader has subscribed",
        () -> readers.stream().allMatch(Reader::hasSubscribed));
    writers.forEach(writer -> begun.add(threads.submit(writer)));
  }

  /** Lets what is under way arrive. */
  void settle() {
    writers.forEach(Writer::finish);
    until(LONGEST, "every message is taken", () -> writers.stream().allMatch(Writer::hasFinished));
    var last = -1L;
    var since = journal.now();
    while (journal.now().minus(since).compareTo(SILENCE) < 0) {
      var now = heard();
      if (now
          == writers.stream().mapToLong(writer -> writer.taken().size()).sum() * readers.size()) {
        return;
      }
      if (now != last) {
        last = now;
        since = journal.now();
      }
      pause();
    }
  }

  private long heard() {
    return readers.stream()
        .mapToLong(
            reader ->
                writers.stream()
                    .mapToLong(
                        writer -> reader.received(writer.topic()).stream().distinct().count())
                    .sum())
        .sum();
  }

  private interface Goal {
    boolean isReached();
  }

  private void until(Duration limit, String what, Goal goal) {
    var deadline = journal.now().plus(limit);
    while (!goal.isReached()) {
      if (journal.now().compareTo(deadline) > 0) {
        journal.violation("not within %s: %s".formatted(limit, what));
        return;
      }
      pause();
    }
  }

  private void pause() {
    stop.isToldWithin(POLL);
  }

  /** Judges, and answers rows of a table. */
  List<String> judge(List<Outage> outages) {
    var ledger = new Ledger(outages);
    long taken = 0;
    long received = 0;
    long duplicates = 0;
    long unheard = 0;
    long misordered = 0;
    var byKills = new TreeMap<String, Integer>();
    for (var writer : writers) {
      taken += writer.taken().size();
      unheard += writer.unheard();
      for (var reader : readers) {
        var account = ledger.compare(writer.taken(), reader.received(writer.topic()));
        received += account.received();
        duplicates += account.duplicates();
        misordered += account.misorderedByOutages();
        account.lostByKills().forEach((kind, lost) -> byKills.merge(kind, lost, Integer::sum));
        complain(writer, reader, account);
      }
    }
    readers.forEach(reader -> complainOfSessions(reader, outages));
    var rows = new ArrayList<String>();
    rows.add("| messages taken by a broker | %d |".formatted(taken));
    rows.add("| received, by %d readers | %d |".formatted(readers.size(), received));
    rows.add("| received again | %d |".formatted(duplicates));
    rows.add("| received after a later one, near a fault | %d |".formatted(misordered));
    rows.add("| taken, though nobody was to hear | %d |".formatted(unheard));
    byKills.forEach((kind, lost) -> rows.add("| lost, %s | %d |".formatted(kind, lost)));
    return rows;
  }

  private void complain(Writer writer, Reader reader, Ledger.Account account) {
    for (var found :
        Map.of("never came", account.lost(), "came out of order", account.misordered())
            .entrySet()) {
      if (!found.getValue().isEmpty()) {
        journal.violation(
            "%d messages from %s to %s %s, such as %s, taken at %s"
                .formatted(
                    found.getValue().size(),
                    writer.topic(),
                    reader.name(),
                    found.getKey(),
                    found.getValue().getFirst(),
                    writer.taken().stream()
                        .filter(taken -> taken.number() == found.getValue().getFirst())
                        .map(taken -> Journal.seconds(taken.at()))
                        .findFirst()
                        .orElse("no time")));
      }
    }
  }

  private void complainOfSessions(Reader reader, List<Outage> outages) {
    reader.sessionsLost().stream()
        .filter(at -> outages.stream().noneMatch(outage -> outage.mayLose() && outage.covers(at)))
        .forEach(
            at ->
                journal.violation(
                    "%s lost its session at %s".formatted(reader.name(), Journal.seconds(at))));
  }
}
