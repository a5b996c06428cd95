package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of a stored revision, as bytes: it may be that of an operator which wrote other
 * lines, so it is never read as a whole. It was read back when it was written.
 */
public final class StoredConfiguration implements ConfigurationFiles {
  private static final String CERTIFICATE = "certfile ";

  /** Lines of a listener without which a client has another address, or proves itself otherwise. */
  private static final List<String> MET_BY_CLIENTS =
      List.of(
          "listener ",
          ConfigurationLines.WEBSOCKETS,
          "listener_allow_anonymous ",
          CERTIFICATE,
          "enable_proxy_protocol ",
          "require_certificate ",
          "psk_hint ",
          ConfigurationLines.USE_IDENTITY);

  private final byte[] configuration;
  private final byte[] requirements;

  /**
   * @param configuration the file {@link RevisionFiles#CONFIGURATION}
   * @param requirements the file {@link RevisionFiles#REQUIREMENTS}
   */
  public StoredConfiguration(byte[] configuration, byte[] requirements) {
    this.configuration = configuration.clone();
    this.requirements = requirements.clone();
  }

  /** Those that were accepted with it, whatever the access files have grown to since. */
  @Override
  public Map<String, byte[]> files(long accessBytes) {
    return Map.of(
        RevisionFiles.CONFIGURATION, configuration.clone(),
        RevisionFiles.REQUIREMENTS, requirements.clone());
  }

  @Override
  public Optional<StartDigest> start() {
    return StartDigest.in(configuration);
  }

  /**
   * Whether it opens a listener on the same port, for the same protocol, that asks clients for the
   * same: who can log in there can do so here.
   */
  public boolean opens(ListenerConfiguration listener) {
    var asked =
        whatClientsMeet(ConfigurationLines.of(listener, BrokerOptions.NONE).stream().skip(1));
    return Stream.of(new String(configuration, StandardCharsets.UTF_8).split("\n\n"))
        .anyMatch(section -> whatClientsMeet(section.lines()).equals(asked));
  }

  private static List<String> whatClientsMeet(Stream<String> section) {
    return section
        .map(line -> line.startsWith(CERTIFICATE) ? CERTIFICATE : line)
        .filter(line -> MET_BY_CLIENTS.stream().anyMatch(line::startsWith))
        .toList();
  }

  /** Under the names of a configuration that is not the newest. */
  public Map<String, byte[]> earlierFiles(StartDigest digest) {
    return Map.of(
        RevisionFiles.configuration(digest), configuration.clone(),
        RevisionFiles.requirements(digest), requirements.clone());
  }
}
