package io.mqttoperator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The CustomResourceDefinitions, made from the records of the API. */
final class CustomResourceSchemas {
  /** Long lines are kept whole, so that a changed sentence is a changed line. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .build();

  private CustomResourceSchemas() {}

  /** By name, as in {@code mqttusers.mqttoperator.io}. */
  static Map<String, CustomResourceDefinition> generate() {
    var found = new TreeMap<String, CustomResourceDefinition>();
    new CRDGenerator()
        .customResourceClasses(List.of(MqttBroker.class, MqttUser.class, MqttAcl.class))
        .withPostProcessor(new Collector(found))
        .withOutput(new Discarded())
        .generate();
    found.values().forEach(CustomResourceSchemas::complete);
    return found;
  }

  static String yaml(CustomResourceDefinition definition) throws JsonProcessingException {
    return "# Made from the records of io.mqttoperator.api: change those.\n"
        + YAML.writeValueAsString(definition);
  }

  /** The schema of the only version. */
  static JSONSchemaProps schema(CustomResourceDefinition definition) {
    return definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
  }

  private static void complete(CustomResourceDefinition definition) {
    tidy(schema(definition));
    var root = new SchemaNode(schema(definition), definition.getSpec().getNames().getKind());
    switch (root.path()) {
      case "MqttBroker" -> MqttBrokerRefinement.apply(definition, root);
      case "MqttUser" -> AccessRefinement.applyToUser(definition, root);
      case "MqttAcl" -> AccessRefinement.applyToAcl(definition, root);
      default -> throw new IllegalStateException(root.path());
    }
  }

  /**
   * Everywhere: an enum's constant for unknown values is not one to write; annotations on a record
   * component are found twice, at the field and at its accessor.
   */
  private static void tidy(@Nullable JSONSchemaProps schema) {
    if (schema == null) {
      return;
    }
    if (schema.getEnum() != null) {
      schema.setEnum(
          schema.getEnum().stream().filter((JsonNode value) -> !value.asText().isEmpty()).toList());
    }
    if (schema.getXKubernetesValidations() != null) {
      schema.setXKubernetesValidations(
          List.copyOf(new LinkedHashSet<>(schema.getXKubernetesValidations())));
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(CustomResourceSchemas::tidy);
    }
    if (schema.getItems() != null) {
      tidy(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null) {
      tidy(schema.getAdditionalProperties().getSchema());
    }
  }

  private record Collector(Map<String, CustomResourceDefinition> found)
      implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String version) {
      var definition = (CustomResourceDefinition) crd;
      found.put(definition.getMetadata().getName(), definition);
      return crd;
    }
  }

  private static final class Discarded implements CRDGenerator.CRDOutput<OutputStream> {
    @Override
    public OutputStream outputFor(String name) {
      return new ByteArrayOutputStream();
    }

    @Override
    public void close() {}
  }
}
