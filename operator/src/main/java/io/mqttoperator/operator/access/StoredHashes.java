package io.mqttoperator.operator.access;

import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.util.Optional;

/** The hashes in the files that pods have: of a user who brings one, nobody knows the password. */
@FunctionalInterface
public interface StoredHashes {

  StoredHashes NONE = username -> Optional.empty();

  Optional<PasswordHash> of(String username);
}
