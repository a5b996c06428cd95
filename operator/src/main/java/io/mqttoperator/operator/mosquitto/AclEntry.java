package io.mqttoperator.operator.mosquitto;

import static java.util.Comparator.comparing;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * One line of a user's section of the ACL file.
 *
 * <p>{@code $SYS} can be read or denied, never written.
 */
public record AclEntry(Right right, TopicFilter filter) {
  private static final Comparator<AclEntry> ORDER =
      comparing((AclEntry entry) -> entry.right != Right.DENY)
          .thenComparing(entry -> entry.filter.value());

  /**
   * @throws IllegalArgumentException if it would let somebody write {@code $SYS}
   */
  public AclEntry {
    if (filter.isSystem() && (right == Right.WRITE || right == Right.READWRITE)) {
      throw new IllegalArgumentException(
          "The topic filter begins with '$': $SYS and below are to subscribe only");
    }
  }

  /**
   * The fewest lines that mean the same, in an order that depends on nothing else: one for each
   * filter, denials first (the order in which Mosquitto tries them too).
   */
  public static List<AclEntry> merged(Collection<AclEntry> entries) {
    if (entries instanceof PackedEntries packed) {
      return packed;
    }
    var rights = new TreeMap<String, AclEntry>();
    for (AclEntry entry : entries) {
      rights.merge(
          entry.filter.value(),
          entry,
          (one, other) -> new AclEntry(one.right.and(other.right), one.filter));
    }
    return PackedEntries.of(rights.values().stream().sorted(ORDER).toList());
  }

  /** The line, without its end. The access word is always there: without it Mosquitto guesses. */
  String line() {
    return "topic " + right.word() + " " + filter.value();
  }
}
