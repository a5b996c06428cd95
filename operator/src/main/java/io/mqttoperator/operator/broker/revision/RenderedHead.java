package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.mosquitto.ConfigurationFiles;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a revision's files say of listeners, and of accounts that are no users: read back before
 * they are used, so that a mistake in what writes them opens no broker. Shards are read back where
 * they are rendered.
 */
record RenderedHead(Optional<BrokerConfiguration> configuration, AccessHead head) {

  /** What is to be rendered. */
  RenderedHead(ConfigurationFiles configuration, AccessHead head) {
    this(parsed(configuration), head);
  }

  /** A stored one was read back when it was stored. */
  private static Optional<BrokerConfiguration> parsed(ConfigurationFiles configuration) {
    return switch (configuration) {
      case BrokerConfiguration wanted -> Optional.of(wanted);
      case StoredConfiguration stored -> Optional.empty();
    };
  }

  /**
   * Reads the files.
   *
   * @param wanted what they were rendered from
   * @throws IllegalStateException if one of them is not as we write it
   */
  static RenderedHead read(Map<String, byte[]> files, ConfigurationFiles wanted) {
    try {
      return new RenderedHead(
          parsed(wanted)
              .map(any -> BrokerConfiguration.parse(file(files, RevisionFiles.CONFIGURATION))),
          AccessHead.parse(
              file(files, RevisionFiles.ACL_HEAD), file(files, RevisionFiles.PASSWORD_HEAD)));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalStateException(
          "what was rendered cannot be read back: " + malformed.getMessage(), malformed);
    }
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  /**
   * Requires that this is what was to be rendered.
   *
   * @throws IllegalStateException if it is not; the message holds none of it
   */
  void require(RenderedHead wanted) {
    requireSame(RevisionFiles.CONFIGURATION, configuration, wanted.configuration);
    requireSame(RevisionFiles.ACL_HEAD, head, wanted.head);
  }

  private static void requireSame(String what, Object read, Object wanted) {
    if (!read.equals(wanted)) {
      throw new IllegalStateException(
          "%s: what was rendered says something else than it was to say".formatted(what));
    }
  }
}
