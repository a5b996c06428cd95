package io.mqttoperator.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourceStatus;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresources;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;

/** What all kinds have in common: category, conditions, columns. */
final class CommonRefinement {
  private CommonRefinement() {}

  static void apply(CustomResourceDefinition definition, SchemaNode root, String description) {
    definition.getSpec().getNames().setCategories(List.of("mqtt"));
    root.describe(description);
    // kstatus: an object whose status is not there yet must not pass for a finished one.
    root.at("status")
        .describe("What the operator has seen. Written by the operator alone.")
        .schema()
        .setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
    conditions(root.at("status.conditions"));
    var subresources = new CustomResourceSubresources();
    subresources.setStatus(new CustomResourceSubresourceStatus());
    definition.getSpec().getVersions().getFirst().setSubresources(subresources);
  }

  /** As {@code metav1.Condition} of k8s.io/apimachinery has it. */
  private static void conditions(SchemaNode conditions) {
    conditions.mergedBy("type").entries(32);
    var condition =
        new SchemaNode(SchemaNode.content(conditions.schema()), conditions.path())
            .describe("One aspect of the object's state.")
            .required("lastTransitionTime", "message", "reason", "status", "type");
    condition.at("type").length(1, 316).describe("What the condition is about.");
    condition.at("status").oneOf("True", "False", "Unknown").describe("Whether it holds.");
    condition
        .at("reason")
        .length(1, 1024)
        .describe("Why, as one word of a closed set.")
        .schema()
        .setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
    condition.at("message").length(0, 32768).describe("Why, as a sentence that says what to do.");
    condition
        .at("lastTransitionTime")
        .describe("When `status` last changed.")
        .schema()
        .setFormat("date-time");
    condition
        .at("observedGeneration")
        .describe("The `metadata.generation` that the condition is about.")
        .schema()
        .setMinimum(0.0);
  }

  /** Lets rules and their errors name metadata.name, which the API server allows at the root. */
  static void name(SchemaNode root) {
    var name = new JSONSchemaProps();
    name.setType("string");
    var metadata = new JSONSchemaProps();
    metadata.setType("object");
    metadata.getProperties().put("name", name);
    root.schema().getProperties().put("metadata", metadata);
  }

  /**
   * A selector's own rules (k8s.io/apimachinery, ValidateLabelSelector), so that an impossible one
   * is refused at once.
   *
   * @param most labels, and expressions
   */
  static void labelSelector(SchemaNode selector, int most) {
    selector
        .at("matchLabels")
        .describe("Labels, all of which an object must have: at most %d.".formatted(most))
        .rule(Formats.LABEL_KEYS, Formats.KEYS_MESSAGE)
        .schema()
        .setMaxProperties((long) most);
    selector.at("matchLabels[]").length(0, 63).schema().setPattern(Formats.LABEL_VALUE);
    selector
        .at("matchExpressions")
        .describe(
            "Conditions on labels, all of which an object must meet: at most %d.".formatted(most))
        .entries(most)
        .atomic();
    var expression =
        selector
            .at("matchExpressions[]")
            .required("key", "operator")
            .rule(
                "self.operator in ['In', 'NotIn'] == (has(self.values) && size(self.values) > 0)",
                "give values with In and NotIn, and none with Exists and DoesNotExist");
    expression
        .at("key")
        .length(1, 317)
        .describe("The label's key.")
        .rule("!format.qualifiedName().validate(self).hasValue()", Formats.KEYS_MESSAGE);
    expression
        .at("operator")
        .describe("How `values` are compared.")
        .oneOf("In", "NotIn", "Exists", "DoesNotExist");
    expression.at("values").describe("At most 64 label values.").entries(64).atomic();
    expression.at("values[]").length(0, 63).schema().setPattern(Formats.LABEL_VALUE);
  }

  static void columns(
      CustomResourceDefinition definition, List<CustomResourceColumnDefinition> columns) {
    definition.getSpec().getVersions().getFirst().setAdditionalPrinterColumns(columns);
  }

  static CustomResourceColumnDefinition column(String name, String type, String path) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(path)
        .build();
  }

  static CustomResourceColumnDefinition wide(String name, String type, String path) {
    var column = column(name, type, path);
    column.setPriority(1);
    return column;
  }

  static CustomResourceColumnDefinition ready() {
    return column("Ready", "string", readyField("status"));
  }

  static CustomResourceColumnDefinition age() {
    return column("Age", "date", ".metadata.creationTimestamp");
  }

  static CustomResourceColumnDefinition reason() {
    return wide("Reason", "string", readyField("reason"));
  }

  static CustomResourceColumnDefinition message() {
    return wide("Message", "string", readyField("message"));
  }

  private static String readyField(String field) {
    return ".status.conditions[?(@.type==\"Ready\")]." + field;
  }
}
