package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * All that a broker knows of one user. The entries are kept merged and sorted.
 *
 * @param password empty for a user without a password
 * @param key empty for a user without a pre-shared key
 */
public record UserAccess(
    Username name,
    Optional<PasswordHash> password,
    Optional<PreSharedKey> key,
    List<AclEntry> entries) {
  /**
   * A name of 128 characters and a hash with a long salt: the longest line of a password file. That
   * of a key is shorter.
   */
  private static final int LONGEST_PASSWORD_LINE = 320;

  /** About what a user with these entries takes in all files. */
  public static long bytes(List<AclEntry> entries) {
    return LONGEST_PASSWORD_LINE
        + entries.stream()
            .mapToLong(
                entry -> entry.filter().value().getBytes(StandardCharsets.UTF_8).length + 20L)
            .sum();
  }

  /** Of a user with a password. */
  public UserAccess(Username name, PasswordHash password, List<AclEntry> entries) {
    this(name, Optional.of(password), Optional.empty(), entries);
  }

  public UserAccess {
    entries = AclEntry.merged(entries);
  }
}
