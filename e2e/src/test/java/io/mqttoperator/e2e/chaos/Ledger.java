package io.mqttoperator.e2e.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares what writers were told to be taken with what readers have received. Pure.
 *
 * @param outages in their order
 */
record Ledger(List<Outage> outages) {

  /**
   * A part was ended.
   *
   * @param kind what was done
   * @param mayLose whether it ended without a word, so that messages may be lost
   * @param from since when what was taken may be concerned
   * @param to when all was well again
   */
  record Outage(String kind, boolean mayLose, Duration from, Duration to) {
    boolean covers(Duration time) {
      return time.compareTo(from) >= 0 && time.compareTo(to) <= 0;
    }
  }

  /** A message of a writer that a broker has acknowledged. */
  record Taken(int number, Duration at) {}

  /**
   * What one reader got of one writer.
   *
   * @param duplicates messages that came again
   * @param lost those that never came, though nothing was killed near them
   * @param lostByKills by what was killed near them
   * @param misordered those that first came after a later one, though nothing was ended near them
   * @param misorderedByOutages the same, near an outage
   */
  record Account(
      int received,
      int duplicates,
      List<Integer> lost,
      Map<String, Integer> lostByKills,
      List<Integer> misordered,
      int misorderedByOutages) {}

  /**
   * The account of one writer and one reader.
   *
   * @param taken in the order of the numbers
   * @param received the numbers in the order in which they came
   */
  Account compare(List<Taken> taken, List<Integer> received) {
    var seen = new HashSet<Integer>();
    var late = new ArrayList<Integer>();
    int highest = -1;
    for (int number : received) {
      if (seen.add(number) && number < highest) {
        late.add(number);
      }
      highest = Math.max(highest, number);
    }
    var lost = new ArrayList<Integer>();
    var byKills = new TreeMap<String, Integer>();
    var times = new TreeMap<Integer, Duration>();
    for (var message : taken) {
      times.put(message.number(), message.at());
      if (!seen.contains(message.number())) {
        killNear(message.at())
            .ifPresentOrElse(
                kill -> byKills.merge(kill.kind(), 1, Integer::sum),
                () -> lost.add(message.number()));
      }
    }
    var all = late.size();
    late.removeIf(number -> times.containsKey(number) && isOutage(times.get(number)));
    return new Account(
        seen.size(), received.size() - seen.size(), lost, byKills, late, all - late.size());
  }

  private boolean isOutage(Duration time) {
    return outages.stream().anyMatch(outage -> outage.covers(time));
  }

  /** The last one: what came before it was well again, or is part of the same disturbance. */
  private Optional<Outage> killNear(Duration time) {
    return outages.reversed().stream()
        .filter(outage -> outage.mayLose() && outage.covers(time))
        .findFirst();
  }
}
