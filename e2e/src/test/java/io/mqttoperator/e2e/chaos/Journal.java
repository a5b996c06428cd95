package io.mqttoperator.e2e.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What happened and when, printed as it happens. Times are counted from the start of the run. */
final class Journal {

  private final long started = System.nanoTime();
  private final PrintStream out;
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, List<Duration>> taken = new TreeMap<>();

  Journal(PrintStream out) {
    this.out = out;
  }

  Duration now() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  void say(String what) {
    out.printf("%8s  %s%n", seconds(now()), what);
  }

  /** The promise does not hold. */
  void violation(String what) {
    violations.add(seconds(now()) + " " + what);
    say("VIOLATION: " + what);
  }

  List<String> violations() {
    synchronized (violations) {
      return List.copyOf(violations);
    }
  }

  /** Something of a kind was done, and how long that took. */
  synchronized void took(String kind, Duration duration) {
    taken.computeIfAbsent(kind, first -> new ArrayList<>()).add(duration);
  }

  /** One row for each kind that begins with {@code prefix}: how often, median, longest. */
  synchronized List<String> rows(String prefix) {
    return taken.entrySet().stream()
        .filter(kind -> kind.getKey().startsWith(prefix))
        .map(kind -> row(kind.getKey(), kind.getValue().stream().sorted().toList()))
        .toList();
  }

  private static String row(String kind, List<Duration> sorted) {
    return "| %s | %d | %s | %s |"
        .formatted(
            kind, sorted.size(), seconds(sorted.get(sorted.size() / 2)), seconds(sorted.getLast()));
  }

  static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }
}
