package io.mqttoperator.operator.access;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Label selectors as Kubernetes means them: all requirements hold; an empty one selects all. */
final class Selectors {

  private static final Set<String> OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist");

  private Selectors() {}

  static boolean matches(LabelSelector selector, @Nullable Map<String, String> labels) {
    Map<String, String> present = labels == null ? Map.of() : labels;
    Map<String, String> equal =
        selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels();
    return present.entrySet().containsAll(equal.entrySet())
        && expressions(selector).stream().allMatch(requirement -> holds(requirement, present));
  }

  /** Whether this version knows all of a selector. */
  static boolean isKnown(LabelSelector selector) {
    return expressions(selector).stream()
        .allMatch(
            requirement ->
                requirement.getKey() != null
                    && OPERATORS.contains(String.valueOf(requirement.getOperator())));
  }

  private static List<LabelSelectorRequirement> expressions(LabelSelector selector) {
    return selector.getMatchExpressions() == null ? List.of() : selector.getMatchExpressions();
  }

  /** An operator that this version does not know selects nothing. */
  private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
    var value = labels.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }
}
