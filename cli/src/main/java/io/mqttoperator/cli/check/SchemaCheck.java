package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.mqttoperator.cli.source.Manifest;
import io.mqttoperator.cli.source.ResourceSchemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the API server would take a manifest for its form. */
final class SchemaCheck {

  static final String RULE = "Schema";

  private final ResourceSchemas schemas = new ResourceSchemas();

  /** OpenAPI 3.0 is made of this draft, and the structural schemas use no more of it. */
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

  private final RuleCheck rules = new RuleCheck();

  private final Map<String, Schema> compiled = new HashMap<>();

  /**
   * A manifest as the API server would store it, and what is wrong with it.
   *
   * @param completed with the defaults filled in
   */
  record Outcome(Manifest completed, List<Finding> findings) {}

  /**
   * Checks.
   *
   * @param before what is in the cluster under its name
   */
  Outcome check(Manifest manifest, Optional<ObjectNode> before) {
    var schema = schemas.of(manifest);
    if (schema.isEmpty()) {
      return new Outcome(
          manifest,
          List.of(
              finding(
                  manifest,
                  "/apiVersion",
                  "there is no kind %s in %s; this plugin knows MqttBroker, MqttUser and MqttAcl"
                          .formatted(manifest.kind(), manifest.apiVersion())
                      + " in "
                      + Manifest.API_VERSION)));
    }
    var completed = manifest.with(manifest.content().deepCopy());
    StructuralSchema.complete(schema.get(), completed.content());
    var findings = new ArrayList<Finding>();
    if (manifest.name().isEmpty()) {
      findings.add(finding(manifest, "/metadata", "metadata.name is missing"));
    }
    findings.addAll(validate(completed, schema.get()));
    StructuralSchema.duplicates(schema.get(), completed.content()).stream()
        .map(
            pointer ->
                finding(manifest, pointer, FieldPath.of(pointer) + ": another one has this key"))
        .forEach(findings::add);
    if (findings.isEmpty()) {
      // Rules are written for values that have their form; the API server does not ask them of
      // others.
      before.ifPresent(there -> StructuralSchema.complete(schema.get(), there));
      Stream.concat(
              MetadataCheck.broken(completed.content().path("metadata")).stream(),
              rules
                  .broken(
                      schema.get(),
                      completed.content(),
                      before.<JsonNode>map(there -> there).orElseGet(MissingNode::getInstance))
                  .stream())
          .map(
              broken ->
                  finding(
                      manifest,
                      broken.pointer(),
                      FieldPath.of(broken.pointer()) + ": " + broken.message()))
          .forEach(findings::add);
    }
    return new Outcome(completed, findings);
  }

  private List<Finding> validate(Manifest manifest, ObjectNode schema) {
    var compiledSchema =
        compiled.computeIfAbsent(
            manifest.kind(), kind -> registry.getSchema(StructuralSchema.strict(schema)));
    return compiledSchema.validate(manifest.content()).stream()
        .map(
            error -> {
              var pointer =
                  error.getInstanceLocation()
                      + Optional.ofNullable(error.getProperty())
                          .filter(name -> error.getKeyword().equals("additionalProperties"))
                          .map(name -> "/" + name)
                          .orElse("");
              return finding(manifest, pointer, FieldPath.of(pointer) + ": " + sentence(error));
            })
        .toList();
  }

  private static String sentence(com.networknt.schema.Error error) {
    return error.getKeyword().equals("additionalProperties")
        ? "there is no such field"
        : error.getMessage();
  }

  private static Finding finding(Manifest manifest, String pointer, String message) {
    return new Finding(
        Level.ERROR, RULE, manifest.file(), manifest.line(pointer), manifest.title(), message);
  }
}
