package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ConfigurationFiles;
import io.mqttoperator.operator.mosquitto.Requirements;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The revision that a broker is to have: users and rules as they are now, under the configuration
 * that is asked for, or, where that is refused, under the one that was accepted before.
 *
 * @param needs what the configuration that is asked for takes of a pod
 * @param refusal why that configuration cannot take effect
 */
record RevisionChoice(AccessFiles files, Requirements needs, Optional<Verdict> refusal) {

  /**
   * Chooses.
   *
   * @param refuse why a pod that gives this much cannot run the spec
   * @throws AccessFiles.DoNotFit if there are too many users or rules
   */
  static RevisionChoice of(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      BrokerMemory memory,
      BrokerObservation seen,
      Function<Requirements, Optional<Verdict>> refuse)
      throws AccessFiles.DoNotFit {
    var configuration = profile.configuration();
    var wanted = files(configuration, profile, secrets, plan, memory, seen);
    var needs = Requirements.of(configuration, wanted.accessBytes());
    var refusal = refuse.apply(needs);
    var accepted = stored(seen);
    return new RevisionChoice(
        refusal.isEmpty() || accepted.isEmpty()
            ? wanted
            : files(accepted.get(), profile, secrets, plan, memory, seen),
        needs,
        refusal);
  }

  boolean isNew(BrokerObservation seen) {
    return !seen.storedRevision().equals(Optional.of(files.revision().hex()));
  }

  private static Optional<StoredConfiguration> stored(BrokerObservation seen) {
    var configuration = seen.files().bytes(RevisionFiles.CONFIGURATION);
    var requirements = seen.files().bytes(RevisionFiles.REQUIREMENTS);
    return configuration.flatMap(
        content -> requirements.map(needed -> new StoredConfiguration(content, needed)));
  }

  private static AccessFiles files(
      ConfigurationFiles configuration,
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      BrokerMemory memory,
      BrokerObservation seen)
      throws AccessFiles.DoNotFit {
    return AccessFiles.of(
        configuration,
        secrets,
        plan,
        memory.hashes,
        profile.passwordIterations(),
        AccessFiles.count(seen.shards()),
        seen.storedRevision().orElse(""));
  }
}
