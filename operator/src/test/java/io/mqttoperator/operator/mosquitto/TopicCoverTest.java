package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCoverTest {

  /** All topics of up to four levels, of which some are empty or the broker's own. */
  private static final List<String> TOPICS =
      Stream.of("a", "b", "", "$SYS")
          .flatMap(TopicCoverTest::below)
          .flatMap(TopicCoverTest::below)
          .flatMap(TopicCoverTest::below)
          .distinct()
          .filter(topic -> !topic.isEmpty())
          .toList();

  private static Stream<String> below(String topic) {
    return Stream.of(topic, topic + "/a", topic + "/b", topic + "/");
  }

  @ParameterizedTest
  @CsvSource({
    "a/#, a, true",
    "a/#, a/b/c, true",
    "a/#, a/#, true",
    "a/#, ab/c, false",
    "a/+, a/#, false",
    "a/+, a/+, true",
    "a/+, a/b, true",
    "a/+, a/b/c, false",
    "a/b, a/+, false",
    "#, +/a, true",
    "#, $SYS/a, false",
    "+/a, $SYS/a, false",
    "$SYS/#, $SYS/a, true",
    "a/+/c, a/b/c, true",
    "a/+/c, a/b/d, false",
    "a/b/#, a, false",
    "a, a/, false",
  })
  void coversWhatItsWildcardsStandFor(String filter, String other, boolean expected) {
    assertThat(new TopicFilter(filter).covers(new TopicFilter(other))).isEqualTo(expected);
  }

  @Property
  void whatIsCoveredMatchesNoTopicThatTheFilterDoesNot(
      @ForAll("filters") String filter, @ForAll("filters") String other) {
    if (new TopicFilter(filter).covers(new TopicFilter(other))) {
      assertThat(TOPICS)
          .filteredOn(topic -> matches(other, topic))
          .allMatch(topic -> matches(filter, topic));
    }
  }

  @Property
  void everyFilterCoversItselfAndEachTopicItMatches(@ForAll("filters") String filter) {
    assertThat(new TopicFilter(filter).covers(new TopicFilter(filter))).isTrue();
    assertThat(TOPICS)
        .filteredOn(topic -> matches(filter, topic))
        .allMatch(topic -> new TopicFilter(filter).covers(new TopicFilter(topic)));
  }

  @Provide
  Arbitrary<String> filters() {
    var level = Arbitraries.of("a", "b", "", "+");
    return level
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .flatMap(
            levels ->
                Arbitraries.of("", "#", "$SYS")
                    .map(
                        extra ->
                            switch (extra) {
                              case "#" -> String.join("/", levels) + "/#";
                              case "$SYS" -> "$SYS/" + String.join("/", levels);
                              default -> String.join("/", levels);
                            }))
        .filter(filter -> !filter.isEmpty());
  }

  /** MQTT 5 section 4.7, one level after the other. */
  private static boolean matches(String filter, String topic) {
    if (topic.startsWith("$") && !filter.startsWith("$")) {
      return false;
    }
    return matches(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
  }

  private static boolean matches(List<String> filter, List<String> topic) {
    if (filter.isEmpty()) {
      return topic.isEmpty();
    }
    if (filter.getFirst().equals("#")) {
      return true;
    }
    return !topic.isEmpty()
        && (filter.getFirst().equals("+") || filter.getFirst().equals(topic.getFirst()))
        && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
  }
}
