package io.mqttoperator.cli.check;

/** A JSON pointer as Kubernetes writes a field: {@code spec.rules[0].topics[1]}. */
final class FieldPath {

  private FieldPath() {}

  static String of(String pointer) {
    var path = new StringBuilder();
    for (var part : pointer.split("/", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      if (part.chars().allMatch(Character::isDigit)) {
        path.append('[').append(part).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(part.replace("~1", "/").replace("~0", "~"));
      }
    }
    return path.isEmpty() ? "the document" : path.toString();
  }
}
