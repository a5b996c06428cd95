package io.mqttoperator.cli.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The documents of a YAML or JSON text, with the line of each value. */
final class YamlDocuments {

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setAllowDuplicateKeys(false).build();

  /** Beyond these an alias stands for itself, or for far more than anybody writes. */
  private static final int DEEPEST = 200;

  private static final int MOST_VALUES = 5_000_000;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Integer> lines = new HashMap<>();
  private int values;

  private YamlDocuments() {}

  /** One document. */
  record Document(JsonNode content, Map<String, Integer> lines) {}

  /** A text that is no YAML. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    /** From 1. */
    final int line;

    Malformed(int line, String message) {
      super(message);
      this.line = line;
    }
  }

  static List<Document> read(String text) throws Malformed {
    var documents = new ArrayList<Document>();
    try {
      for (var node : new Compose(SETTINGS).composeAllFromString(text)) {
        var reader = new YamlDocuments();
        var content = reader.read(node, "", 0);
        documents.add(new Document(content, reader.lines));
      }
      return documents;
    } catch (MarkedYamlEngineException malformed) {
      var line = malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new Malformed(line, String.valueOf(malformed.getProblem()));
    } catch (YamlEngineException malformed) {
      throw new Malformed(1, String.valueOf(malformed.getMessage()));
    }
  }

  private JsonNode read(Node node, String pointer, int depth) throws Malformed {
    var line = line(node);
    if (depth > DEEPEST || ++values > MOST_VALUES) {
      throw new Malformed(line, "it is nested too deep, or its aliases stand for too much");
    }
    lines.putIfAbsent(pointer, line);
    return switch (node) {
      case MappingNode mapping -> mapping(mapping, pointer, depth);
      case SequenceNode sequence -> sequence(sequence, pointer, depth);
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new Malformed(line, "an alias without what it stands for");
    };
  }

  private ObjectNode mapping(MappingNode node, String pointer, int depth) throws Malformed {
    var object = JSON.objectNode();
    for (var tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new Malformed(line(tuple.getKeyNode()), "a key that is no text");
      }
      var below = pointer + "/" + key.getValue().replace("~", "~0").replace("/", "~1");
      lines.put(below, line(key));
      if (object.has(key.getValue())) {
        throw new Malformed(line(key), "the key " + key.getValue() + " is there twice");
      }
      object.set(key.getValue(), read(tuple.getValueNode(), below, depth + 1));
    }
    return object;
  }

  private ArrayNode sequence(SequenceNode node, String pointer, int depth) throws Malformed {
    var array = JSON.arrayNode();
    for (var element : node.getValue()) {
      array.add(read(element, pointer + "/" + array.size(), depth + 1));
    }
    return array;
  }

  /** By the JSON schema of YAML 1.2: {@code yes} and {@code on} are texts, as for kubectl. */
  private static JsonNode scalar(ScalarNode node) {
    var text = node.getValue();
    if (node.getTag().equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (node.getTag().equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    try {
      if (node.getTag().equals(Tag.INT)) {
        var number = new BigInteger(text);
        return number.bitLength() < Long.SIZE
            ? JSON.numberNode(number.longValue())
            : JSON.numberNode(number);
      }
      return node.getTag().equals(Tag.FLOAT)
          ? JSON.numberNode(new BigDecimal(text))
          : JSON.textNode(text);
    } catch (NumberFormatException other) {
      return JSON.textNode(text);
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
