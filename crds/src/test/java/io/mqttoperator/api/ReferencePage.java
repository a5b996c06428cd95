package io.mqttoperator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page that names every field of the API, made from the definitions. */
final class ReferencePage {
  /** Kubernetes' own types: their fields are in its API reference. */
  private static final Set<String> KUBERNETES_TYPES =
      Set.of("affinity", "tolerations[]", "topologySpreadConstraints[]", "resources");

  private final StringBuilder page = new StringBuilder();

  static String of(Collection<CustomResourceDefinition> definitions) {
    var reference = new ReferencePage();
    reference.page.append(
        """
        # Reference: `mqttoperator.io/v1alpha1`

        Every field of the custom resources, made from their definitions: change the records in `crds/`, not this page.
        Durations are whole hours, minutes and seconds (`2160h`, `1h30m`), quantities are those of Kubernetes (`64Mi`).
        The rules say what is refused, in the words of the error.
        """);
    definitions.forEach(reference::kind);
    return reference.page.toString();
  }

  private void kind(CustomResourceDefinition definition) {
    var names = definition.getSpec().getNames();
    var root = CustomResourceSchemas.schema(definition);
    page.append("\n## ").append(names.getKind()).append("\n\n");
    page.append(root.getDescription()).append("\n\n");
    page.append("Short name `")
        .append(String.join("`, `", names.getShortNames()))
        .append("`, category `")
        .append(String.join("`, `", names.getCategories()))
        .append("`.\n\n| field | type | default | bounds | meaning |\n|---|---|---|---|---|\n");
    var rules = new ArrayList<String>();
    collectRules(root, "", rules);
    for (var part : List.of("spec", "status")) {
      fields(new SchemaNode(root, names.getKind()).at(part).schema(), part, rules);
    }
    page.append("\nRules:\n\n");
    rules.forEach(rule -> page.append("- ").append(rule).append('\n'));
  }

  private void fields(JSONSchemaProps parent, String path, List<String> rules) {
    collectRules(parent, path, rules);
    parent
        .getProperties()
        .forEach(
            (name, schema) -> {
              var required = parent.getRequired().contains(name);
              row(path + "." + name, schema, required);
              descend(path + "." + name, name, schema, rules);
            });
  }

  private void descend(String path, String name, JSONSchemaProps schema, List<String> rules) {
    if (schema.getItems() != null) {
      var items = schema.getItems().getSchema();
      collectRules(schema, path, rules);
      descend(path + "[]", name + "[]", items, rules);
    } else if (!schema.getProperties().isEmpty() && !KUBERNETES_TYPES.contains(name)) {
      fields(schema, path, rules);
    } else {
      collectRules(schema, path, rules);
    }
  }

  private void row(String path, JSONSchemaProps schema, boolean required) {
    var cells =
        Stream.of(
            "`" + path + "`",
            type(schema),
            required ? "required" : code(schema.getDefault()),
            String.join(", ", bounds(schema)),
            schema.getDescription() == null ? "" : schema.getDescription());
    page.append(
        cells
            .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static void collectRules(JSONSchemaProps schema, String path, List<String> rules) {
    if (schema.getXKubernetesValidations() != null) {
      schema
          .getXKubernetesValidations()
          .forEach(
              rule -> {
                var field = rule.getFieldPath() == null ? "" : rule.getFieldPath();
                var at = (path + field).replaceFirst("^\\.", "");
                rules.add("`" + at + "`: " + rule.getMessage());
              });
    }
  }

  private static String type(JSONSchemaProps schema) {
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      return "quantity";
    }
    if (schema.getItems() != null) {
      return "list of " + type(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null) {
      return "map of " + type(schema.getAdditionalProperties().getSchema());
    }
    return schema.getType();
  }

  private static List<String> bounds(JSONSchemaProps schema) {
    var bounds = new ArrayList<String>();
    if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
      bounds.add(
          schema.getEnum().stream().map(ReferencePage::code).collect(Collectors.joining(", ")));
    }
    range(bounds, whole(schema.getMinimum()), whole(schema.getMaximum()), "");
    range(bounds, schema.getMinLength(), schema.getMaxLength(), " characters");
    range(bounds, schema.getMinItems(), schema.getMaxItems(), " entries");
    range(bounds, null, schema.getMaxProperties(), " entries");
    if (schema.getPattern() != null) {
      bounds.add("`" + schema.getPattern() + "`");
    }
    var content =
        schema.getItems() != null || schema.getAdditionalProperties() != null
            ? SchemaNode.content(schema)
            : null;
    if (content != null) {
      bounds(content).forEach(bound -> bounds.add("each " + bound));
    }
    return bounds;
  }

  private static @Nullable Long whole(@Nullable Double bound) {
    return bound == null ? null : bound.longValue();
  }

  private static void range(
      List<String> bounds, @Nullable Long min, @Nullable Long max, String unit) {
    if (min != null && max != null) {
      bounds.add(min + " to " + max + unit);
    } else if (min != null) {
      bounds.add("at least " + min + unit);
    } else if (max != null) {
      bounds.add("at most " + max + unit);
    }
  }

  private static String code(@Nullable JsonNode value) {
    return value == null || value.isContainerNode() ? "" : "`" + value.asText() + "`";
  }
}
