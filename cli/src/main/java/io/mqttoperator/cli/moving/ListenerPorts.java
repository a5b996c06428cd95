package io.mqttoperator.cli.moving;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives listeners ports that a pod may have, and where it can the old ones at the Service. */
final class ListenerPorts {

  private static final int LEAST = 1024;
  private static final int MOST = 65_535;
  private static final int OF_THE_OPERATOR = 8884;
  private static final int INSTEAD = 8000;

  private final Set<Integer> inPod = new HashSet<>();
  private final Set<Integer> atService = new HashSet<>();

  /**
   * A port.
   *
   * @param number in the pod
   * @param atService that clients use; empty: the same
   */
  record Port(int number, Optional<Integer> atService) {}

  /**
   * Reserves the ports that stay as they are, so that no moved one takes them.
   *
   * @param asked of all listeners
   */
  ListenerPorts(List<Integer> asked) {
    asked.stream().filter(ListenerPorts::isPossible).forEach(inPod::add);
  }

  private static boolean isPossible(int port) {
    return port >= LEAST && port <= MOST && port != OF_THE_OPERATOR;
  }

  /** The next listener's. */
  Port of(int asked) {
    var isFirst = atService.add(asked);
    if (isFirst && isPossible(asked)) {
      return new Port(asked, Optional.empty());
    }
    int number = asked < LEAST ? asked + INSTEAD : asked;
    while (!isPossible(number) || !inPod.add(number)) {
      number = number >= MOST ? LEAST : number + 1;
    }
    if (!isFirst) {
      atService.add(number);
    }
    return new Port(number, isFirst ? Optional.of(asked) : Optional.empty());
  }
}
