package io.mqttoperator.api;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Topics near the border between filter and mistake, the same in each run. */
final class RandomTopics {
  private static final List<String> LEVELS =
      List.of("a", "b", "c", "", "d e", "+", "{username}", "{namespace}", "\u00e4");
  private static final List<String> MISTAKES =
      List.of("#", "+", "{", "}", "{username}", "$", " ", "\t", "\n", "\u0000", "\u0085");

  private final Random random = new Random(3);

  private RandomTopics() {}

  static List<String> distinct(int count) {
    var topics = new RandomTopics();
    return Stream.generate(topics::next)
        .filter(topic -> !topic.isEmpty())
        .distinct()
        .limit(count)
        .toList();
  }

  /** Half of them a filter with something put into it somewhere: seldom still a filter. */
  private String next() {
    var levels =
        IntStream.range(0, 1 + random.nextInt(4))
            .mapToObj(i -> any(LEVELS))
            .collect(Collectors.joining("/"));
    var topic = (random.nextInt(8) == 0 ? "$SYS/" : "") + levels;
    if (random.nextBoolean()) {
      return topic;
    }
    var place = random.nextInt(topic.length() + 1);
    return topic.substring(0, place) + any(MISTAKES) + topic.substring(place);
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
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
