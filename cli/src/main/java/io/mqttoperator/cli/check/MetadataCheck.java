package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What Kubernetes itself requires of names, labels and annotations (k8s.io/apimachinery,
 * ValidateObjectMeta).
 */
final class MetadataCheck {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern WORD = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_SUBDOMAIN = 253;
  private static final int MOST_ANNOTATION_BYTES = 256 * 1024;

  private static final String KEY =
      "a key is an optional DNS name and a slash, then at most 63 letters, digits, '-', '_' or"
          + " '.', such as example.com/team";

  private MetadataCheck() {}

  /** All that is wrong with {@code metadata}, which has its form. */
  static List<RuleCheck.Broken> broken(JsonNode metadata) {
    var broken = new ArrayList<RuleCheck.Broken>();
    var name = metadata.path("name").asText("");
    if (!name.isEmpty() && !isSubdomain(name)) {
      add(
          broken,
          "/name",
          "a name is at most 253 lower-case letters, digits, '-' and '.', and begins and ends with"
              + " a letter or a digit");
    }
    var namespace = metadata.path("namespace").asText("");
    if (!namespace.isEmpty() && !is(LABEL, namespace, LONGEST_LABEL)) {
      add(
          broken,
          "/namespace",
          "a namespace is at most 63 lower-case letters, digits and '-', and begins and ends with a"
              + " letter or a digit");
    }
    labels(metadata.path("labels"), broken);
    annotations(metadata.path("annotations"), broken);
    return broken;
  }

  private static void labels(JsonNode labels, List<RuleCheck.Broken> broken) {
    labels
        .properties()
        .forEach(
            label -> {
              var value = label.getValue().asText();
              if (!isKey(label.getKey())) {
                add(broken, pointer("/labels", label.getKey()), KEY);
              }
              if (!value.isEmpty() && !is(WORD, value, LONGEST_LABEL)) {
                add(
                    broken,
                    pointer("/labels", label.getKey()),
                    "a label's value is at most 63 letters, digits, '-', '_' and '.', and begins"
                        + " and ends with a letter or a digit");
              }
            });
  }

  private static void annotations(JsonNode annotations, List<RuleCheck.Broken> broken) {
    var bytes = 0;
    for (var annotation : annotations.properties()) {
      // Here alone upper-case letters may stand before the slash.
      if (!isKey(annotation.getKey().toLowerCase(Locale.ROOT))) {
        add(broken, pointer("/annotations", annotation.getKey()), KEY);
      }
      bytes += bytes(annotation.getKey()) + bytes(annotation.getValue().asText());
    }
    if (bytes > MOST_ANNOTATION_BYTES) {
      add(
          broken,
          "/annotations",
          "all annotations together have at most %d bytes".formatted(MOST_ANNOTATION_BYTES));
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isKey(String key) {
    var slash = key.indexOf('/');
    return (slash < 0 || isSubdomain(key.substring(0, slash)))
        && is(WORD, key.substring(slash + 1), LONGEST_LABEL);
  }

  private static boolean isSubdomain(String text) {
    return is(SUBDOMAIN, text, LONGEST_SUBDOMAIN);
  }

  private static boolean is(Pattern form, String text, int longest) {
    return text.length() <= longest && form.matcher(text).matches();
  }

  private static String pointer(String field, String key) {
    return field + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private static void add(List<RuleCheck.Broken> broken, String pointer, String message) {
    broken.add(new RuleCheck.Broken("/metadata" + pointer, message));
  }
}
