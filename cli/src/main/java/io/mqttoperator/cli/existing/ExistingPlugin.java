package io.mqttoperator.cli.existing;

import java.util.Set;

/**
 * A plugin that is loaded, other than those that read the password file and the ACL file.
 *
 * @param file its name without the folder
 */
public record ExistingPlugin(Place place, String file) {

  /** Plugins of Mosquitto that have no part in who may do what. */
  private static final Set<String> BYSTANDERS =
      Set.of("mosquitto_persist_sqlite.so", "mosquitto_sparkplug_aware.so");

  /** Whether it may let in or refuse clients, or their messages. */
  public boolean mayDecide() {
    return !BYSTANDERS.contains(file);
  }
}
