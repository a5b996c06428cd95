package io.mqttoperator.operator.mosquitto;

import java.util.Optional;

/** What MQTT 5 section 1.5.4 and Mosquitto's decoder allow in a UTF-8 string. */
final class MqttString {
  private MqttString() {}

  /** Says what is wrong with the characters of a string; empty if nothing is. */
  static Optional<String> problem(String value) {
    return value
        .codePoints()
        .filter(MqttString::isForbidden)
        .mapToObj(point -> "holds U+%04X, which MQTT does not allow".formatted(point))
        .findFirst();
  }

  private static boolean isForbidden(int point) {
    boolean control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
    boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
    boolean nonCharacter = (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
    return control || surrogate || nonCharacter;
  }
}
