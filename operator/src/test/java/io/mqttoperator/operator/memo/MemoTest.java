package io.mqttoperator.operator.memo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoTest {

  private final Memo<List<String>> memo = Memo.ofInputs();
  private int computed;

  @Test
  void whatHasTheVerySameInputsIsComputedOnce() {
    var input = new Object();
    var first = look("a", input, 7, "text", null);
    assertThat(look("a", input, 7, new String("text"), null)).isSameAs(first);
    assertThat(computed).isOne();
  }

  @Test
  void anotherObjectNumberTextOrCountIsAnotherInput() {
    look("a", new Object(), 7, "text");
    look("a", new Object(), 7, "text");
    assertThat(computed).isEqualTo(2);
    var input = new ArrayList<String>();
    look("a", input, 7, "text");
    look("a", input, 8, "text");
    look("a", input, 8, "other");
    look("a", input, 8, null);
    look("a", input, 8);
    look("b", input, 8);
    assertThat(computed).isEqualTo(8);
  }

  /** It may have been changed since. */
  @Test
  void anEqualObjectIsAnotherInput() {
    look("a", new ArrayList<>(List.of("x")));
    look("a", new ArrayList<>(List.of("x")));
    assertThat(computed).isEqualTo(2);
  }

  @Test
  void anEqualResultIsTheOneThatWasKnownOnlyWhereResultsCount() {
    assertThat(again(Memo.ofResults(), "x")).isTrue();
    assertThat(again(Memo.ofResults(), "y")).isFalse();
    assertThat(again(Memo.ofInputs(), "x")).isFalse();
  }

  /** Whether the result is the object that was put before. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean again(Memo<List<String>> memo, String value) {
    var round = memo.round();
    var first = round.put("a", new ArrayList<>(List.of("x")), new Object());
    round.end();
    round = memo.round();
    var second = round.put("a", new ArrayList<>(List.of(value)), new Object());
    round.end();
    return first == second;
  }

  @Test
  void whatARoundDoesNotAskForIsForgotten() {
    var input = new Object();
    look("a", input);
    look("b", input);
    assertThat(memo.size()).isOne();
    look("a", input);
    assertThat(computed).isEqualTo(3);
  }

  private List<String> look(String key, @Nullable Object... inputs) {
    var round = memo.round();
    var value =
        round.of(
            key,
            () -> {
              computed++;
              return List.of("value " + computed);
            },
            inputs);
    round.end();
    return value;
  }
}
