package io.mqttoperator.operator.mosquitto;

import java.util.List;

/** All that a broker knows of one user. The entries are kept merged and sorted. */
public record UserAccess(Username name, PasswordHash password, List<AclEntry> entries) {
  public UserAccess {
    entries = AclEntry.merged(entries);
  }
}
