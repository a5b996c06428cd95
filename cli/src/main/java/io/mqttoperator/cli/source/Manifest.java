package io.mqttoperator.cli.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * One resource in a file.
 *
 * @param lines by JSON pointer (RFC 6901), from 1
 */
public record Manifest(String file, ObjectNode content, Map<String, Integer> lines) {

  public static final String GROUP = "mqttoperator.io";
  public static final String API_VERSION = GROUP + "/v1alpha1";

  public Manifest {
    lines = Map.copyOf(lines);
  }

  public String kind() {
    return content.path("kind").asText("");
  }

  public String apiVersion() {
    return content.path("apiVersion").asText("");
  }

  public String name() {
    return content.path("metadata").path("name").asText("");
  }

  public Optional<String> namespace() {
    return Optional.of(content.path("metadata").path("namespace").asText(""))
        .filter(name -> !name.isEmpty());
  }

  /** Whether it is one of ours, of any version. */
  public boolean isOurs() {
    return apiVersion().startsWith(GROUP + "/");
  }

  /** Of the same place in a file, with other content. */
  public Manifest with(ObjectNode other) {
    return new Manifest(file, other, lines);
  }

  /** The line of a value, or of the nearest that holds it. */
  public int line(String pointer) {
    for (var at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
      var line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return lines.getOrDefault("", 1);
  }

  /** As {@code acls.yaml:12}. */
  public String place(String pointer) {
    return file + ":" + line(pointer);
  }

  /** As {@code MqttUser plant/sensor-1}. */
  public String title() {
    return kind() + " " + namespace().map(namespace -> namespace + "/").orElse("") + name();
  }

  /** A value by its pointer. */
  public JsonNode at(String pointer) {
    return content.at(pointer);
  }
}
