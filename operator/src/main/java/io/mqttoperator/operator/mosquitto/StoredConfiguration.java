package io.mqttoperator.operator.mosquitto;

import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a stored revision, as bytes: it may be that of an operator which wrote other
 * lines, so it is never parsed. It was read back when it was written.
 */
public final class StoredConfiguration implements ConfigurationFiles {
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

  /** Under the names of a configuration that is not the newest. */
  public Map<String, byte[]> earlierFiles(StartDigest digest) {
    return Map.of(
        RevisionFiles.configuration(digest), configuration.clone(),
        RevisionFiles.requirements(digest), requirements.clone());
  }
}
