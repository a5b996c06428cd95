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
 * @param kills when messages may be lost: a broker or a bridge was ended without a word
 */
record Ledger(List<Kill> kills) {

  /**
   * A part was killed.
   *
   * @param kind what was killed
   * @param from since when what was taken may be lost
   * @param to when all was well again
   */
  record Kill(String kind, Duration from, Duration to) {
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
   * @param misordered those that first came after a later one, though nothing was killed near them
   */
  record Account(
      int received,
      int duplicates,
      List<Integer> lost,
      Map<String, Integer> lostByKills,
      List<Integer> misordered) {}

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
    late.removeIf(number -> times.containsKey(number) && killNear(times.get(number)).isPresent());
    return new Account(seen.size(), received.size() - seen.size(), lost, byKills, late);
  }

  /** The last one: what came before it was well again, or is part of the same disturbance. */
  private Optional<Kill> killNear(Duration time) {
    return kills.reversed().stream().filter(kill -> kill.covers(time)).findFirst();
  }
}
