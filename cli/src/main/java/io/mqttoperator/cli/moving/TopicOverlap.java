package io.mqttoperator.cli.moving;

import io.mqttoperator.operator.mosquitto.TopicFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What two topic filters have in common (MQTT 5 section 4.7). */
final class TopicOverlap {

  private TopicOverlap() {}

  /** The filter of the topics that both cover; empty if there is none. */
  static Optional<String> of(String one, String other) {
    var a = one.split("/", -1);
    var b = other.split("/", -1);
    if (isWildcard(a[0]) ? b[0].startsWith("$") : isWildcard(b[0]) && a[0].startsWith("$")) {
      return Optional.empty();
    }
    var common = new ArrayList<String>();
    for (int i = 0; ; i++) {
      // It takes the level above it too.
      if (i < a.length && a[i].equals("#")) {
        return Optional.of(join(common, b, i));
      }
      if (i < b.length && b[i].equals("#")) {
        return Optional.of(join(common, a, i));
      }
      if (i == a.length || i == b.length) {
        return a.length == b.length ? Optional.of(join(common, a, i)) : Optional.empty();
      }
      if (!a[i].equals("+") && !b[i].equals("+") && !a[i].equals(b[i])) {
        return Optional.empty();
      }
      common.add(a[i].equals("+") ? b[i] : a[i]);
    }
  }

  private static String join(List<String> common, String[] levels, int from) {
    common.addAll(Arrays.asList(levels).subList(from, levels.length));
    return String.join("/", common);
  }

  /** Whether two filters have a topic in common that none of {@code covers} covers. */
  static boolean existsBeside(String one, String other, List<TopicFilter> covers) {
    return of(one, other).filter(common -> !isCovered(common, covers)).isPresent();
  }

  private static boolean isCovered(String common, List<TopicFilter> covers) {
    return TopicFilter.problem(common).isEmpty()
        && covers.stream().anyMatch(cover -> cover.covers(new TopicFilter(common)));
  }

  private static boolean isWildcard(String level) {
    return level.equals("+") || level.equals("#");
  }
}
