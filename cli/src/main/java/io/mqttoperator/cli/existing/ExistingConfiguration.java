package io.mqttoperator.cli.existing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A {@code mosquitto.conf} with all that it includes.
 *
 * @param options of the broker as a whole, in the order of the file
 * @param isLocalOnly whether no line asks for a listener: then Mosquitto is reached from its own
 *     machine alone
 * @param perListener whether each listener has users and rules of its own
 */
public record ExistingConfiguration(
    List<ExistingOption> options,
    List<ExistingListener> listeners,
    List<ExistingBridge> bridges,
    List<ExistingPlugin> plugins,
    boolean isLocalOnly,
    boolean perListener) {

  public ExistingConfiguration {
    options = List.copyOf(options);
    listeners = List.copyOf(listeners);
    bridges = List.copyOf(bridges);
    plugins = List.copyOf(plugins);
  }

  /**
   * Reads a file, and those that it includes.
   *
   * @param root before the absolute paths in it, where they are copies from another machine
   * @throws IllegalArgumentException if Mosquitto would not start with it
   */
  public static ExistingConfiguration read(Path path, Optional<Path> root) throws IOException {
    return new ConfigurationReader(root).read(path);
  }

  /** An option, the last of its name. */
  public Optional<ExistingOption> option(String name) {
    return last(options, name);
  }

  static Optional<ExistingOption> last(List<ExistingOption> options, String name) {
    return options.reversed().stream().filter(option -> option.name().equals(name)).findFirst();
  }
}
