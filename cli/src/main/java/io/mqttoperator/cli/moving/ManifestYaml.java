package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Resources as YAML that kubectl and YAML 1.2 read alike. */
public final class ManifestYaml {

  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setIndent(2)
          .setSplitLines(false)
          .setExplicitStart(true)
          .build();

  /**
   * What is read as text without quotes: two letters at least, none of YAML 1.1's words for yes and
   * no, which kubectl still takes for these.
   */
  private static final Pattern PLAIN =
      Pattern.compile("(?!(?i:yes|no|on|off|true|false|null)$)[A-Za-z][A-Za-z0-9._/-]*[A-Za-z0-9]");

  private ManifestYaml() {}

  /** A document for each. */
  public static String of(List<? extends JsonNode> resources) {
    var text = new StringBuilder();
    var writer =
        new StreamDataWriter() {
          @Override
          public void write(String part) {
            text.append(part);
          }

          @Override
          public void write(String part, int offset, int length) {
            text.append(part, offset, offset + length);
          }
        };
    var dump = new Dump(SETTINGS);
    resources.forEach(resource -> dump.dumpNode(node(resource), writer));
    return text.toString();
  }

  private static Node node(JsonNode value) {
    if (value.isObject()) {
      var tuples = new ArrayList<NodeTuple>();
      value
          .properties()
          .forEach(
              field -> tuples.add(new NodeTuple(text(field.getKey()), node(field.getValue()))));
      return new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
    }
    if (value.isArray()) {
      var elements = new ArrayList<Node>();
      value.forEach(element -> elements.add(node(element)));
      return new SequenceNode(Tag.SEQ, elements, FlowStyle.BLOCK);
    }
    if (value.isTextual()) {
      return text(value.asText());
    }
    return new ScalarNode(
        value.isBoolean() ? Tag.BOOL : Tag.INT, value.asText(), ScalarStyle.PLAIN);
  }

  private static Node text(String value) {
    var style = PLAIN.matcher(value).matches() ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
    return new ScalarNode(Tag.STR, value, style);
  }
}
