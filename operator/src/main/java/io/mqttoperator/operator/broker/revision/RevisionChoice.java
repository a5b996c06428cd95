package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ConfigurationFiles;
import io.mqttoperator.operator.mosquitto.Requirements;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The revision that a broker is to have: users and rules as they are now, under the configuration
 * that is asked for, or, where that is refused, under the one that was accepted before.
 *
 * @param needs what the configuration that is asked for takes of a pod
 * @param refusal why that configuration cannot take effect
 */
public record RevisionChoice(RevisionSecrets files, Requirements needs, Optional<Verdict> refusal) {

  /**
   * Chooses.
   *
   * @param waiting whose keys are left out until their sessions have ended
   * @param refuse why a pod that gives this much cannot run the spec
   * @throws DoNotFit if there are too many users or rules
   */
  public static RevisionChoice of(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      AccessRenderer renderer,
      Set<Username> waiting,
      BrokerObservation seen,
      Function<Requirements, Optional<Verdict>> refuse)
      throws DoNotFit {
    var configuration = profile.configuration();
    var starts = Starts.next(profile, configuration.startDigest(), seen);
    var wanted = files(configuration, starts, profile, secrets, plan, renderer, waiting, seen);
    var needs = Requirements.of(configuration, wanted.accessBytes());
    var refusal = refuse.apply(needs);
    var accepted = Starts.newest(seen.files());
    if (refusal.isEmpty() || accepted.isEmpty()) {
      return new RevisionChoice(wanted, needs, refusal);
    }
    // Those who wait with an earlier one go on with it, whatever is asked for now.
    var kept =
        files(
            accepted.get(),
            Starts.stored(seen.files()),
            profile,
            secrets,
            plan,
            renderer,
            waiting,
            seen);
    return new RevisionChoice(kept, needs, refusal);
  }

  public boolean isTooLarge() {
    return refusal.filter(why -> why.reason() == Reason.TOO_LARGE).isPresent();
  }

  public boolean isNew(BrokerObservation seen) {
    return !seen.storedRevision().equals(Optional.of(files.revision().hex()));
  }

  /** Whether what only a start takes is another than before: then Mosquitto has to start anew. */
  public boolean startsAnew(BrokerObservation seen) {
    var before = Starts.newest(seen.files()).flatMap(StoredConfiguration::start);
    return before.isPresent() && files.start().isPresent() && !before.equals(files.start());
  }

  private static RevisionSecrets files(
      ConfigurationFiles configuration,
      Starts starts,
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      AccessRenderer renderer,
      Set<Username> waiting,
      BrokerObservation seen)
      throws DoNotFit {
    return renderer.render(
        configuration,
        starts,
        secrets,
        plan,
        profile.passwordIterations(),
        seen.shardCount(),
        waiting);
  }
}
