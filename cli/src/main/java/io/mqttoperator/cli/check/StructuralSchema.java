package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What the API server makes of a structural schema beside validating: it prunes nulls, fills in
 * defaults and requires the keys of lists to be unique. Unlike there, an unknown field is an error,
 * as it is for {@code kubectl apply}.
 */
final class StructuralSchema {

  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

  private StructuralSchema() {}

  /** The same as plain JSON schema, in which unknown fields are refused. */
  static ObjectNode strict(ObjectNode schema) {
    var strict = schema.deepCopy();
    close(strict);
    // What each resource has besides, and Kubernetes itself looks at (ObjectMeta).
    var properties = strict.withObjectProperty("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    var metadata = properties.withObjectProperty("metadata");
    metadata.put("type", "object").remove("additionalProperties");
    var own = metadata.withObjectProperty("properties");
    for (var map : List.of("labels", "annotations")) {
      own.putObject(map)
          .put("type", "object")
          .putObject("additionalProperties")
          .put("type", "string");
    }
    return strict;
  }

  private static void close(ObjectNode schema) {
    if (schema.path("properties").isObject()
        && !schema.path(PRESERVE).asBoolean(false)
        && !schema.has("additionalProperties")) {
      schema.put("additionalProperties", false);
    }
    if (schema.path("properties") instanceof ObjectNode properties) {
      properties.properties().forEach(property -> close((ObjectNode) property.getValue()));
    }
    for (var below : List.of("items", "additionalProperties")) {
      if (schema.path(below) instanceof ObjectNode nested) {
        close(nested);
      }
    }
  }

  /** Drops nulls that are not allowed, and fills in what is missing; changes {@code value}. */
  static void complete(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(whole(field.getValue())));
      completeObject(schema, object);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, whole(array.get(i)));
      }
      array.forEach(element -> complete(schema.path("items"), element));
    }
  }

  /** To the API server 2.0 is an integer, as to JSON schema since its draft 6. */
  private static JsonNode whole(JsonNode value) {
    return value.isFloatingPointNumber()
            && value.canConvertToLong()
            && value.canConvertToExactIntegral()
        ? LongNode.valueOf(value.longValue())
        : value;
  }

  private static void completeObject(JsonNode schema, ObjectNode object) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      var own = property.getValue();
      var present = object.get(property.getKey());
      if (present != null && present.isNull() && !own.path("nullable").asBoolean(false)) {
        object.remove(property.getKey());
        present = null;
      }
      if (present == null && own.has("default")) {
        object.set(property.getKey(), own.get("default").deepCopy());
      }
      if (object.has(property.getKey())) {
        complete(own, object.get(property.getKey()));
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      object.forEach(value -> complete(schema.path("additionalProperties"), value));
    }
  }

  /** The pointers of list elements whose key another one has already. */
  static List<String> duplicates(JsonNode schema, JsonNode value) {
    var found = new ArrayList<String>();
    collectDuplicates(schema, value, "", found);
    return found;
  }

  private static void collectDuplicates(
      JsonNode schema, JsonNode value, String pointer, List<String> found) {
    if (value instanceof ObjectNode object) {
      for (var property : object.properties()) {
        var below = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
        var named = schema.path("properties").path(property.getKey());
        collectDuplicates(
            named.isMissingNode() ? schema.path("additionalProperties") : named,
            property.getValue(),
            below,
            found);
      }
    } else if (value instanceof ArrayNode array) {
      var seen = new HashSet<List<String>>();
      for (int i = 0; i < array.size(); i++) {
        if (isKeyed(schema) && !seen.add(key(schema, array.get(i)))) {
          found.add(pointer + "/" + i);
        }
        collectDuplicates(schema.path("items"), array.get(i), pointer + "/" + i, found);
      }
    }
  }

  /** What stood in a list under the key of an element; only then is it the same one. */
  static JsonNode sameKey(JsonNode list, JsonNode element, JsonNode before) {
    if (list.path("x-kubernetes-list-type").asText().equals("map")) {
      for (var candidate : before) {
        if (key(list, candidate).equals(key(list, element))) {
          return candidate;
        }
      }
    }
    return MissingNode.getInstance();
  }

  private static boolean isKeyed(JsonNode schema) {
    var type = schema.path("x-kubernetes-list-type").asText();
    return type.equals("map") || type.equals("set");
  }

  private static List<String> key(JsonNode schema, JsonNode element) {
    var key = new ArrayList<String>();
    schema
        .path("x-kubernetes-list-map-keys")
        .forEach(name -> key.add(element.path(name.asText()).toString()));
    return key.isEmpty() ? List.of(element.toString()) : key;
  }
}
