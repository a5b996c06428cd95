package io.mqttoperator.e2e.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Durations of one kind, in ascending order. */
record Samples(List<Duration> sorted) {

  static Samples of(Collection<Duration> durations) {
    return new Samples(durations.stream().sorted().toList());
  }

  /** As cells of a table: number, median, 95th percentile and maximum, in seconds. */
  String cells() {
    return "%d | %s | %s | %s"
        .formatted(
            sorted.size(),
            seconds(percentile(50)),
            seconds(percentile(95)),
            seconds(percentile(100)));
  }

  /** By the nearest-rank method: a value that was measured. */
  Duration percentile(int percent) {
    var rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(1, rank) - 1);
  }

  static String seconds(Duration duration) {
    return "%.2f s".formatted(duration.toMillis() / 1000.0);
  }

  static String milliseconds(Duration duration) {
    return "%d ms".formatted(duration.toMillis());
  }
}
