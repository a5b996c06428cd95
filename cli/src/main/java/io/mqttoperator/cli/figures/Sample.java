package io.mqttoperator.cli.figures;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value of Prometheus' text format.
 *
 * @param metric with its ending, as {@code _total}
 */
record Sample(String metric, Map<String, String> labels, double value) {

  /** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
  private static final Pattern LINE =
      Pattern.compile(
          "(?<metric>[a-zA-Z_:][\\w:]*)(?:\\{(?<labels>.*)})? (?<value>\\S+)(?: \\d+)?");

  private static final Pattern LABEL =
      Pattern.compile("(?<name>[a-zA-Z_]\\w*)=\"(?<value>(?:[^\"\\\\]|\\\\.)*)\"");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

  /** Of a line; empty for a comment, and for what is no value. */
  static Optional<Sample> parse(String line) {
    var found = LINE.matcher(line);
    if (!found.matches()) {
      return Optional.empty();
    }
    var labels = new HashMap<String, String>();
    if (found.group("labels") != null) {
      var label = LABEL.matcher(found.group("labels"));
      while (label.find()) {
        labels.put(label.group("name"), unescape(label.group("value")));
      }
    }
    return number(found.group("value"))
        .map(value -> new Sample(found.group("metric"), Map.copyOf(labels), value));
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text.replace("Inf", "Infinity")));
    } catch (NumberFormatException other) {
      return Optional.empty();
    }
  }

  private static String unescape(String value) {
    return ESCAPE
        .matcher(value)
        .replaceAll(
            found -> Matcher.quoteReplacement(found.group(1).equals("n") ? "\n" : found.group(1)));
  }
}
