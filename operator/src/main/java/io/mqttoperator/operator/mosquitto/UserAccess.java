package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** All that a broker knows of one user. The entries are kept merged and sorted. */
public record UserAccess(Username name, PasswordHash password, List<AclEntry> entries) {
  /** A name of 128 characters and a hash with a long salt: the longest line of a password file. */
  private static final int LONGEST_PASSWORD_LINE = 320;

  /** About what a user with these entries takes in both files, before they are merged. */
  public static long bytes(List<AclEntry> entries) {
    return LONGEST_PASSWORD_LINE
        + entries.stream()
            .mapToLong(
                entry -> entry.filter().value().getBytes(StandardCharsets.UTF_8).length + 20L)
            .sum();
  }

  public UserAccess {
    entries = AclEntry.merged(entries);
  }
}
