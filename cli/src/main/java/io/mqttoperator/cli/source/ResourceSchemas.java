package io.mqttoperator.cli.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas of the CRDs that this plugin was built with. */
public final class ResourceSchemas {

  private static final Map<String, String> FILES =
      Map.of(
          "MqttBroker", "/crds/mqttbrokers.mqttoperator.io.yaml",
          "MqttUser", "/crds/mqttusers.mqttoperator.io.yaml",
          "MqttAcl", "/crds/mqttacls.mqttoperator.io.yaml");

  private final Map<String, ObjectNode> read = new ConcurrentHashMap<>();

  /** The structural schema of a kind; empty if it is none of ours, or of another version. */
  public Optional<ObjectNode> of(Manifest manifest) {
    return manifest.apiVersion().equals(Manifest.API_VERSION)
        ? Optional.ofNullable(FILES.get(manifest.kind()))
            .map(file -> read.computeIfAbsent(file, ResourceSchemas::read))
        : Optional.empty();
  }

  private static ObjectNode read(String file) {
    try (var stream = ResourceSchemas.class.getResourceAsStream(file)) {
      var text =
          new String(Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
      JsonNode definition = YamlDocuments.read(text).getFirst().content();
      return (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema");
    } catch (IOException | YamlDocuments.Malformed failed) {
      throw new UncheckedIOException(new IOException(file, failed));
    }
  }
}
