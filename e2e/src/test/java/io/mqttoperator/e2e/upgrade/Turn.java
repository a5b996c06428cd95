package io.mqttoperator.e2e.upgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What became of a broker while one version of the operator replaced another.
 *
 * @param away of each client, how often it was away
 * @param lives all lives of each pod that were seen, by its name
 */
record Turn(
    String what,
    String broker,
    int replicas,
    State before,
    State after,
    List<Integer> away,
    int refusals,
    Map<String, Set<String>> lives) {

  /** Kubernetes replaces pods for these. */
  private boolean hasOtherTemplate() {
    return !before.template().equals(after.template()) || !before.scripts().equals(after.scripts());
  }

  private boolean hasOtherStart() {
    return !before.start().equals(after.start());
  }

  private long replaced() {
    return differing(before.pods(), after.pods());
  }

  private long anew() {
    return differing(before.processes(), after.processes());
  }

  private static long differing(Map<String, String> before, Map<String, String> after) {
    return before.entrySet().stream()
        .filter(pod -> !Objects.equals(pod.getValue(), after.get(pod.getKey())))
        .count();
  }

  private int mostAway() {
    return away.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  static String head() {
    return """
           | Change | Broker | Template | Scripts | Start digest | Pods replaced | Mosquitto anew | Clients away | Most often | Credentials |
           |---|---|---|---|---|---|---|---|---|---|""";
  }

  String row() {
    return "| %s | %s | %s | %s | %s | %d/%d | %d/%d | %d/%d | %d | %s |"
        .formatted(
            what,
            broker,
            word(!before.template().equals(after.template())),
            word(!before.scripts().equals(after.scripts())),
            word(hasOtherStart()),
            replaced(),
            replicas,
            anew(),
            replicas,
            IntStream.range(0, away.size()).filter(client -> away.get(client) > 0).count(),
            away.size(),
            mostAway(),
            word(!before.credentials().equals(after.credentials())));
  }

  private static String word(boolean isOther) {
    return isOther ? "another" : "the same";
  }

  /** What is not as docs/operations.md says. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    var replacedPods = hasOtherTemplate() ? replicas : 0;
    var startedAnew = hasOtherTemplate() || hasOtherStart() ? replicas : 0;
    require(faults, replaced() == replacedPods, "pods were replaced: " + replaced());
    require(faults, anew() == startedAnew, "Mosquitto was started anew in: " + anew());
    lives.forEach(
        (pod, seen) ->
            require(
                faults,
                seen.size() <= (hasOtherTemplate() ? 2 : 1),
                "more than one turn: %s had the lives %s".formatted(pod, seen)));
    require(
        faults,
        mostAway() <= (startedAnew > 0 ? 1 : 0),
        "a client was away " + mostAway() + " times");
    require(faults, refusals == 0, "messages were refused: " + refusals);
    before
        .credentials()
        .forEach(
            (name, hash) ->
                require(
                    faults, hash.equals(after.credentials().get(name)), "another secret: " + name));
    return faults;
  }

  private void require(List<String> faults, boolean holds, String otherwise) {
    if (!holds) {
      faults.add("%s, %s: %s".formatted(what, broker, otherwise));
    }
  }
}
