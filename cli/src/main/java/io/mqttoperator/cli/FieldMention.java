package io.mqttoperator.cli;

import java.util.regex.Pattern;

/** The field that a sentence of the operator begins with, as in {@code spec.rules[2]: …}. */
final class FieldMention {

  private static final Pattern FIELD = Pattern.compile("^(spec(?:\\.[A-Za-z]+|\\[[0-9]+\\])*)");

  private FieldMention() {}

  /** As a JSON pointer; empty if it begins with none. */
  static String pointer(String message) {
    var matcher = FIELD.matcher(message);
    return matcher.find()
        ? "/" + matcher.group(1).replace(".", "/").replace("[", "/").replace("]", "")
        : "";
  }
}
