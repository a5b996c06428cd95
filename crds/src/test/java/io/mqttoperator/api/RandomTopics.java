package io.mqttoperator.api;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Topics near the border between filter and mistake, the same in each run. */
final class RandomTopics {
  private static final List<String> PIECES =
      List.of(
          "/",
          "/",
          "/",
          "a",
          "b/",
          "+",
          "/#",
          "#",
          "{username}",
          "{namespace}",
          "{",
          "}",
          "$SYS",
          "$",
          " ",
          "\t",
          "\n",
          "\u0085",
          "\u00e4");

  private RandomTopics() {}

  static List<String> distinct(int count) {
    var random = new Random(3);
    return Stream.generate(
            () ->
                IntStream.range(0, 1 + random.nextInt(6))
                    .mapToObj(i -> PIECES.get(random.nextInt(PIECES.size())))
                    .collect(Collectors.joining()))
        .distinct()
        .limit(count)
        .toList();
  }

  /** As docs and contract say it: level by level. */
  static boolean isFilter(String topic) {
    var levels = List.of(topic.split("/", -1));
    var wholeLevels =
        IntStream.range(0, levels.size())
            .allMatch(i -> isLevel(levels.get(i), i == levels.size() - 1));
    return wholeLevels
        && topic.strip().length() == topic.length()
        && topic.chars().noneMatch(Character::isISOControl)
        && (!topic.startsWith("$") || levels.getFirst().equals("$SYS"));
  }

  private static boolean isLevel(String level, boolean last) {
    return switch (level) {
      case "#" -> last;
      case "+", "{username}", "{namespace}" -> true;
      default -> level.chars().noneMatch(c -> "+#{}".indexOf(c) >= 0);
    };
  }
}
