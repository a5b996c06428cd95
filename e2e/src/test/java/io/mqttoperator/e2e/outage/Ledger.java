package io.mqttoperator.e2e.outage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was published on a feed, and what arrived. Messages are numbered from 1. */
final class Ledger {

  private static final class Entry {
    final long publishedAt;
    int arrivals;
    Duration delay = Duration.ZERO;

    Entry(long publishedAt) {
      this.publishedAt = publishedAt;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private int newest;

  /** Enters the next message; its number. */
  synchronized int publish(long now) {
    entries.add(new Entry(now));
    return entries.size();
  }

  synchronized void arrive(int number, long now) {
    var entry = entries.get(number - 1);
    if (entry.arrivals == 0) {
      entry.delay = Duration.ofNanos(now - entry.publishedAt);
    }
    entry.arrivals++;
    newest = Math.max(newest, number);
  }

  /** The number of the last message that was published. */
  synchronized int published() {
    return entries.size();
  }

  /** The highest number that arrived. */
  synchronized int newest() {
    return newest;
  }

  synchronized Tally tally(Numbers numbers) {
    var tally = Tally.NONE;
    for (var entry : entries.subList(numbers.first() - 1, numbers.last())) {
      var lost = entry.arrivals == 0 ? 1 : 0;
      tally = tally.plus(new Tally(1, lost, Math.max(0, entry.arrivals - 1), entry.delay));
    }
    return tally;
  }
}
