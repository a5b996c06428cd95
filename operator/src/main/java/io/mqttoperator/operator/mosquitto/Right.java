package io.mqttoperator.operator.mosquitto;

import java.util.Locale;

/** What an ACL line does: the access word that Mosquitto expects after {@code topic}. */
public enum Right {
  READ,
  WRITE,
  READWRITE,
  /** Refuses both directions, and wins over every other line of the same user. */
  DENY;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What two lines for the same filter mean together: in Mosquitto deny comes first. */
  Right and(Right other) {
    if (this == DENY || other == DENY) {
      return DENY;
    }
    return this == other ? this : READWRITE;
  }
}
