package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules that CRDs have in CEL ({@code x-kubernetes-validations}), as the API server asks them
 * when a resource is created; and those about a change where it is known what was there before.
 */
final class RuleCheck {

  private @Nullable RulePrograms programs;

  /**
   * A rule that a value breaks.
   *
   * @param pointer of the value, or of the field below it that the rule names
   */
  record Broken(String pointer, String message) {}

  /**
   * Asks all rules of a schema.
   *
   * @param value that has the schema's form, with its defaults filled in
   * @param before what was there, likewise; missing where that is nothing, or not known
   */
  List<Broken> broken(JsonNode schema, JsonNode value, JsonNode before) {
    var broken = new ArrayList<Broken>();
    collect(schema, value, before, "", broken);
    return broken;
  }

  /** Made when the first rule is asked: they take a moment to load. */
  private RulePrograms programs() {
    if (programs == null) {
      programs = new RulePrograms();
    }
    return programs;
  }

  private void collect(
      JsonNode schema, JsonNode value, JsonNode before, String pointer, List<Broken> broken) {
    for (var rule : schema.path("x-kubernetes-validations")) {
      var expression = rule.path("rule").asText();
      if (!RulePrograms.isAboutChange(expression) || !before.isMissingNode()) {
        programs()
            .problem(expression, value, before)
            .ifPresent(
                problem ->
                    broken.add(
                        new Broken(
                            pointer + rule.path("fieldPath").asText().replace('.', '/'),
                            rule.path("message").asText("it breaks the rule " + expression)
                                + (problem.isEmpty() ? "" : " (" + problem + ")"))));
      }
    }
    for (var field : value.properties()) {
      var below = pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      var named = schema.path("properties").path(field.getKey());
      collect(
          named.isMissingNode() ? schema.path("additionalProperties") : named,
          field.getValue(),
          before.path(field.getKey()),
          below,
          broken);
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      var element = value.get(i);
      collect(
          schema.path("items"),
          element,
          StructuralSchema.sameKey(schema, element, before),
          pointer + "/" + i,
          broken);
    }
  }
}
