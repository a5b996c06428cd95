package io.mqttoperator.cli.moving;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked for.
 *
 * @param broker the MqttBroker's name
 * @param namespace of all resources; empty: that of whoever applies them
 * @param listeners the ports of those that are carried over; empty: all
 * @param passwords and {@code acl}, {@code keys}: in place of the files that the configuration
 *     names
 * @param root below which the files of the old machine are
 * @param newPasswords whether users whose hash cannot be taken get a generated password
 */
public record MoveSettings(
    String broker,
    Optional<String> namespace,
    Set<Integer> listeners,
    Optional<Path> passwords,
    Optional<Path> acl,
    Optional<Path> keys,
    Optional<Path> root,
    boolean newPasswords) {

  public MoveSettings {
    listeners = Set.copyOf(listeners);
  }
}
