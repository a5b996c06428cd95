package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.broker.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Puts strings that are made to break out of a line into any field of a manifest. */
final class HostileStrings {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FRAGMENTS =
      List.of(
          "\n",
          "\r",
          "\r\n",
          "\0",
          "\t",
          " ",
          "\u000b",
          "\u0085",
          "\u00a0",
          "\u2028",
          "\ufeff",
          "\ud800",
          "\uffff",
          "\u001b[2J",
          "#",
          "+",
          "/",
          "//",
          ":",
          "$",
          "%",
          "%u",
          "%c",
          "\\",
          "\\n",
          "\"",
          "'",
          "`id`",
          "$(id)",
          "{",
          "}",
          "{username}",
          "{namespace}",
          "@REVISION@",
          "@DIRECTORY@",
          "$SYS",
          "$SYS/#",
          "$CONTROL/",
          "$share/g/",
          "$mqtt-operator/revision/x",
          "$mqtt-operator-nobody",
          "user root",
          "user alice",
          "\nuser alice\ntopic readwrite #\n",
          "topic readwrite #",
          "topic deny",
          "pattern readwrite #",
          "\npattern readwrite #\n",
          "readwrite",
          "write #",
          "\nmallory:$7$1$AAAAAAAAAAAAAAAA$AAAA\n",
          "$7$1$x$y",
          "\nallow_anonymous true\n",
          "listener 1",
          "include_dir /",
          "plugin /tmp/x.so",
          "é",
          "e\u0301",
          "😀",
          "\u202e",
          "\u0000\u0001",
          "../../x",
          "a".repeat(300),
          "mallory:00112233445566778899aabbccddeeff",
          "-----END CERTIFICATE REQUEST-----",
          "-----BEGIN PRIVATE KEY-----",
          "CN=victim",
          "alice",
          "victim");

  private final Random random;
  private long count;

  HostileStrings(long seed) {
    random = new Random(seed);
  }

  /** How many there have been. */
  long count() {
    return count;
  }

  /** A string that is hostile, or what was there with something hostile in it. */
  String of(String before) {
    count++;
    return switch (random.nextInt(4)) {
      case 0 -> fragments();
      case 1 ->
          random
              .ints(random.nextInt(8), 0, 0x10000)
              .collect(
                  StringBuilder::new,
                  (text, unit) -> text.append((char) unit),
                  StringBuilder::append)
              .toString();
      default -> {
        // At its ends, too: what looks at a part of a text alone is deceived there.
        int at =
            switch (random.nextInt(3)) {
              case 0 -> 0;
              case 1 -> before.length();
              default -> random.nextInt(before.length() + 1);
            };
        yield before.substring(0, at) + fragments() + before.substring(at);
      }
    };
  }

  boolean coin() {
    return random.nextBoolean();
  }

  /** What may stand under a key of a Secret: mostly what is expected there. */
  byte[] bytes(String good) {
    return switch (random.nextInt(6)) {
      case 0 -> of(good).getBytes(UTF_8);
      case 1 -> of(good).getBytes(ISO_8859_1);
      case 2 -> of(good).getBytes(random.nextInt(4) == 0 ? UTF_16LE : UTF_8);
      default -> good.getBytes(UTF_8);
    };
  }

  private String fragments() {
    var text = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
    }
    return text.toString();
  }

  /**
   * A manifest of which one string or key in so many is replaced.
   *
   * @return empty if the API could not hold it: it is no object of that kind any more
   */
  <T extends HasMetadata> Optional<T> in(T manifest, int oneIn) {
    JsonNode changed = changed(JSON.valueToTree(manifest), oneIn);
    try {
      @SuppressWarnings("unchecked")
      var type = (Class<T>) manifest.getClass();
      var hostile = Samples.YAML.unmarshal(changed.toString(), type);
      // It is part of the path under which the API keeps an object.
      hostile.getMetadata().setNamespace(manifest.getMetadata().getNamespace());
      return Optional.of(hostile);
    } catch (KubernetesClientException refused) {
      return Optional.empty();
    }
  }

  private JsonNode changed(JsonNode node, int oneIn) {
    return switch (node) {
      case ObjectNode object -> {
        var changed = JSON.createObjectNode();
        object
            .properties()
            .forEach(
                field -> changed.set(key(field.getKey(), oneIn), changed(field.getValue(), oneIn)));
        yield changed;
      }
      case ArrayNode array -> {
        var changed = JSON.createArrayNode();
        array.forEach(element -> changed.add(changed(element, oneIn)));
        yield changed;
      }
      case TextNode text when random.nextInt(oneIn) == 0 -> new TextNode(of(text.asText()));
      default -> node;
    };
  }

  /** Keys of labels and annotations; that of a field would only be an unknown one. */
  private String key(String key, int oneIn) {
    return key.contains("-key") && random.nextInt(oneIn) == 0 ? of(key) : key;
  }

  /** As many as asked for, of one manifest. */
  <T extends HasMetadata> List<T> many(T manifest, int most, int oneIn) {
    var all = new ArrayList<T>();
    for (int i = 0; i < most; i++) {
      in(manifest, oneIn).ifPresent(all::add);
    }
    return all;
  }
}
