package io.mqttoperator.cli.moving;

import io.mqttoperator.operator.mosquitto.Right;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may do what, as rules.
 *
 * @param own rules of single users, by their names
 * @param everybody rules of all users
 * @param some rules that cannot be for all users, by those that they are for
 * @param anonymous rules of clients without a name
 */
record MovedAccess(
    Map<String, List<MovedRule>> own,
    List<MovedRule> everybody,
    Map<Set<String>, List<MovedRule>> some,
    List<MovedRule> anonymous) {

  /** What a broker without an ACL file allows, as far as rules can say it. */
  static MovedAccess ofAll(boolean withAnonymous) {
    var all = List.of(new MovedRule(Right.READWRITE, "#"), new MovedRule(Right.READ, "$SYS/#"));
    return new MovedAccess(Map.of(), all, Map.of(), withAnonymous ? all : List.of());
  }

  static MovedAccess ofNothing() {
    return new MovedAccess(Map.of(), List.of(), Map.of(), List.of());
  }
}
