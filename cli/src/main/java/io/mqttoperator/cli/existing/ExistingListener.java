package io.mqttoperator.cli.existing;

import java.util.List;
import java.util.Optional;

/**
 * A listener.
 *
 * @param place where it begins, or the option that made Mosquitto open its default one
 * @param port 0 for one at a Unix socket
 * @param address that it is bound to, or the path of its socket
 * @param options in the order of the file
 */
public record ExistingListener(
    Place place, int port, Optional<String> address, List<ExistingOption> options) {

  public ExistingListener {
    options = List.copyOf(options);
  }

  /** An option, the last of its name. */
  public Optional<ExistingOption> option(String name) {
    return ExistingConfiguration.last(options, name);
  }

  /** Whether an option is there and true. */
  public boolean isSet(String name) {
    return option(name).filter(ExistingOption::isTrue).isPresent();
  }

  /** As people call it. */
  public String title() {
    return port == 0 ? "the listener at a Unix socket" : "listener " + port;
  }
}
