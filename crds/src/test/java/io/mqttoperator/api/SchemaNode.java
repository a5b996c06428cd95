package io.mqttoperator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One place of a schema, found by its path, with the edits that the generator's annotations do not
 * reach.
 *
 * @param path dots between fields; {@code []} after a list or map for what it holds
 */
record SchemaNode(JSONSchemaProps schema, String path) {

  SchemaNode at(String relative) {
    var here = schema;
    for (var step : relative.split("\\.", -1)) {
      var field = step.replace("[]", "");
      var next = here.getProperties().get(field);
      if (next == null) {
        throw new IllegalArgumentException(path + "." + relative + ": there is no field " + field);
      }
      here = step.endsWith("[]") ? content(next) : next;
    }
    return new SchemaNode(here, path + "." + relative);
  }

  static JSONSchemaProps content(JSONSchemaProps schema) {
    return schema.getItems() != null
        ? schema.getItems().getSchema()
        : schema.getAdditionalProperties().getSchema();
  }

  /** A list whose entries server-side apply merges by these fields. */
  SchemaNode mergedBy(String... keys) {
    schema.setXKubernetesListType("map");
    schema.setXKubernetesListMapKeys(List.of(keys));
    return this;
  }

  /** A list that has one owner and is replaced as a whole. */
  SchemaNode atomic() {
    schema.setXKubernetesListType("atomic");
    return this;
  }

  /** A list without order or repetition, whose entries may have several owners. */
  SchemaNode set() {
    schema.setXKubernetesListType("set");
    return this;
  }

  SchemaNode describe(String description) {
    schema.setDescription(description);
    return this;
  }

  SchemaNode rule(String rule, String message) {
    return rule(rule, message, null);
  }

  SchemaNode rule(String rule, String message, @Nullable String field) {
    var rules = new ArrayList<ValidationRule>();
    if (schema.getXKubernetesValidations() != null) {
      rules.addAll(schema.getXKubernetesValidations());
    }
    var added = new ValidationRule();
    added.setRule(rule);
    added.setMessage(message);
    added.setReason(Formats.INVALID);
    added.setFieldPath(field);
    rules.add(added);
    schema.setXKubernetesValidations(rules);
    return this;
  }

  SchemaNode length(long min, long max) {
    schema.setMinLength(min);
    schema.setMaxLength(max);
    return this;
  }

  SchemaNode entries(long max) {
    schema.setMaxItems(max);
    return this;
  }

  SchemaNode required(String... fields) {
    schema.setRequired(List.of(fields));
    return this;
  }

  SchemaNode without(String field) {
    schema.getProperties().remove(field);
    return this;
  }

  SchemaNode oneOf(String... values) {
    schema.setEnum(Stream.of(values).<JsonNode>map(TextNode::valueOf).toList());
    return this;
  }
}
