package io.mqttoperator.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SelectorsTest {

  /** From the documentation of Kubernetes, "Labels and Selectors"; apart from Selectors. */
  private static final Map<String, BiPredicate<Set<String>, Set<String>>> MEANING =
      Map.of(
          "In", (present, values) -> present.stream().anyMatch(values::contains),
          "NotIn", (present, values) -> present.stream().noneMatch(values::contains),
          "Exists", (present, values) -> present.size() == 1,
          "DoesNotExist", (present, values) -> present.isEmpty(),
          "Like", (present, values) -> false);

  @Property(tries = 3000)
  void agreeWithWhatKubernetesSays(
      @ForAll("labels") Map<String, String> labels, @ForAll("selectors") LabelSelector selector) {
    assertThat(Selectors.matches(selector, labels)).isEqualTo(isMeant(selector, labels));
  }

  @Test
  void anEmptySelectorSelectsAll() {
    assertThat(Selectors.matches(new LabelSelector(), null)).isTrue();
    assertThat(Selectors.matches(new LabelSelector(null, null), Map.of("a", "b"))).isTrue();
  }

  private static boolean isMeant(LabelSelector selector, Map<String, String> labels) {
    for (var label : selector.getMatchLabels().entrySet()) {
      if (!label.getValue().equals(labels.get(label.getKey()))) {
        return false;
      }
    }
    for (var expression : selector.getMatchExpressions()) {
      var present =
          labels.containsKey(expression.getKey())
              ? Set.of(labels.get(expression.getKey()))
              : Set.<String>of();
      var meaning = Objects.requireNonNull(MEANING.get(expression.getOperator()));
      if (!meaning.test(present, Set.copyOf(expression.getValues()))) {
        return false;
      }
    }
    return true;
  }

  @Provide
  Arbitrary<Map<String, String>> labels() {
    return Arbitraries.maps(keys(), values()).ofMaxSize(3);
  }

  @Provide
  Arbitrary<LabelSelector> selectors() {
    var requirements =
        Combinators.combine(
                keys(),
                Arbitraries.of("In", "NotIn", "Exists", "DoesNotExist", "Like"),
                values().list().ofMaxSize(2))
            .as(LabelSelectorRequirement::new);
    return Combinators.combine(
            Arbitraries.maps(keys(), values()).ofMaxSize(1), requirements.list().ofMaxSize(2))
        .as(
            (labels, expressions) ->
                new LabelSelectorBuilder()
                    .withMatchLabels(labels)
                    .withMatchExpressions(List.copyOf(expressions))
                    .build());
  }

  private static Arbitrary<String> keys() {
    return Arbitraries.of("line", "site", "app");
  }

  private static Arbitrary<String> values() {
    return Arbitraries.of("a", "b", "");
  }
}
