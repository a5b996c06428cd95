package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.mosquitto.Username;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names whose sessions are to end, as far as one Secret holds them.
 *
 * @param listed they are ended next
 * @param waiting until there is room
 */
record EndingNames(Set<String> listed, Set<Username> waiting) {

  /** What a Secret holds, and some room for its other parts; a line feed goes with each name. */
  private static final int MOST_BYTES = 1000 * 1024;

  /** Some is left for those who are refused late in a pass: nothing can wait there. */
  private static final int MOST_AT_FIRST = MOST_BYTES / 2;

  /** Of what is decided first; who is listed stays so. */
  static EndingNames atFirst(Set<String> before, Collection<Username> taken) {
    return of(before, taken, MOST_AT_FIRST);
  }

  /** Of what is about to be written. */
  static EndingNames atLast(Set<String> before, Collection<Username> taken) {
    return of(before, taken, MOST_BYTES);
  }

  private static EndingNames of(Set<String> before, Collection<Username> taken, int room) {
    var listed = new TreeSet<>(before);
    var waiting = new TreeSet<Username>();
    var bytes = before.stream().mapToLong(EndingNames::bytes).sum();
    for (var name : new TreeSet<>(taken)) {
      if (listed.contains(name.value())) {
        continue;
      }
      if (bytes + bytes(name.value()) > room) {
        waiting.add(name);
      } else {
        listed.add(name.value());
        bytes += bytes(name.value());
      }
    }
    return new EndingNames(listed, waiting);
  }

  private static long bytes(String name) {
    return name.length() + 1L;
  }
}
