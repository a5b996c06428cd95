package io.mqttoperator.operator.mosquitto;

import java.util.Map;
import java.util.Optional;

/** The files of a revision that say how the broker listens, and what a pod must give it. */
public sealed interface ConfigurationFiles permits BrokerConfiguration, StoredConfiguration {
  /**
   * {@link RevisionFiles#CONFIGURATION} and {@link RevisionFiles#REQUIREMENTS}.
   *
   * @param accessBytes the bytes of all password and ACL files together
   */
  Map<String, byte[]> files(long accessBytes);

  /** Names what Mosquitto takes of it at its start only; empty where the files do not tell. */
  Optional<StartDigest> start();
}
