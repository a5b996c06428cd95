package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.RevisionFiles.DIRECTORY_PLACEHOLDER;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code mosquitto.conf}.
 *
 * <p>Options for the whole broker come first: after a listener's first line Mosquitto takes an
 * option as that listener's where it can. Anonymous clients are refused unless a listener says
 * otherwise, so a listener that were to lose its options would let nobody in without a password.
 *
 * @param listeners 1 to 16, of distinct names and ports, in the order of the file
 * @param autosaveSeconds 1 to 86,400: how much a crash can lose
 * @param options what of Mosquitto's own defaults is changed; those of listeners hold for all but
 *     the operator's
 */
public record BrokerConfiguration(
    List<ListenerConfiguration> listeners,
    InternalListener internal,
    int autosaveSeconds,
    BrokerOptions options)
    implements ConfigurationFiles {
  private static final int MAX_LISTENERS = 16;
  private static final int MAX_AUTOSAVE_SECONDS = 86_400;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public BrokerConfiguration {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty() || listeners.size() > MAX_LISTENERS) {
      throw new IllegalArgumentException("A broker has 1 to 16 listeners");
    }
    if (autosaveSeconds < 1 || autosaveSeconds > MAX_AUTOSAVE_SECONDS) {
      throw new IllegalArgumentException("The autosave interval is 1 s to 24 h");
    }
    if (takesKeys(listeners) && listeners.stream().anyMatch(ListenerConfiguration::needsTls13)) {
      throw new IllegalArgumentException(
          "Where a listener takes pre-shared keys, none can be for TLS 1.3");
    }
    var names = new HashSet<String>();
    var ports = new HashSet<Integer>();
    for (ListenerConfiguration listener : listeners) {
      if (!names.add(listener.name()) || !ports.add(listener.port())) {
        throw new IllegalArgumentException(
            "Two listeners have the name %s or the port %d"
                .formatted(listener.name(), listener.port()));
      }
    }
  }

  @Override
  public Map<String, byte[]> files(long accessBytes) {
    return Map.of(
        RevisionFiles.CONFIGURATION, render(),
        RevisionFiles.REQUIREMENTS, Requirements.of(this, accessBytes).render());
  }

  @Override
  public Optional<StartDigest> start() {
    return Optional.of(startDigest());
  }

  public byte[] render() {
    var lines = new ArrayList<String>();
    lines.add(ConfigurationLines.WRITTEN_BY);
    lines.add(startDigest().line());
    lines.addAll(lines());
    return TextFile.render(lines);
  }

  private List<String> lines() {
    var lines = new ArrayList<>(ConfigurationLines.GLOBAL_BEFORE_AUTOSAVE);
    if (takesKeys()) {
      lines.add(ConfigurationLines.KEYS);
    }
    lines.add("autosave_interval " + autosaveSeconds);
    lines.addAll(ConfigurationLines.GLOBAL_AFTER_AUTOSAVE);
    lines.addAll(ConfigurationLines.of(options));
    listeners.forEach(listener -> lines.addAll(ConfigurationLines.of(listener, options)));
    lines.addAll(ConfigurationLines.of(internal, takesKeys()));
    return lines;
  }

  private boolean takesKeys() {
    return takesKeys(listeners);
  }

  private static boolean takesKeys(List<ListenerConfiguration> listeners) {
    return listeners.stream()
        .anyMatch(listener -> listener.authentication() == ClientAuthentication.PRE_SHARED_KEY);
  }

  /** Another one for each configuration that a reload would take only a part of. */
  public StartDigest startDigest() {
    return StartDigest.of(atStart().lines());
  }

  /**
   * All that a reload takes set to one value. What is not known to be taken by a reload counts as
   * what is not: a line that a later version of this operator adds is not forgotten.
   */
  private BrokerConfiguration atStart() {
    return new BrokerConfiguration(
        listeners.stream().map(ListenerConfiguration::atStart).toList(),
        new InternalListener(1),
        1,
        options.atStart());
  }

  /**
   * Reads the file back.
   *
   * @throws IllegalArgumentException if it holds anything that {@link #render} does not write
   */
  public static BrokerConfiguration parse(byte[] content) {
    return new ConfigurationReader(content).read();
  }

  static String path(String fileName) {
    return DIRECTORY_PLACEHOLDER + "/" + fileName;
  }
}
