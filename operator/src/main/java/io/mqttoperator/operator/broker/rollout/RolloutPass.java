package io.mqttoperator.operator.broker.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.objects.Partition;
import io.mqttoperator.operator.broker.objects.SecretPass;
import io.mqttoperator.operator.broker.objects.WorkloadPass;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionChoice;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.mqtt.OperatorIdentity;
import io.mqttoperator.operator.mqtt.PodConnections;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets a change that disconnects clients go on to the next pod, once the pods have been asked. */
public final class RolloutPass {

  private final SecretPass secretPass;
  private final WorkloadPass workload;
  private final RevisionProof proof;
  private final PodConnections connections;

  RolloutPass(
      SecretPass secretPass,
      WorkloadPass workload,
      RevisionProof proof,
      PodConnections connections) {
    this.secretPass = secretPass;
    this.workload = workload;
    this.proof = proof;
    this.connections = connections;
  }

  /**
   * What the pods have said.
   *
   * @param started the names of those that run with the newest configuration
   * @param bridges which are connected at both ends
   */
  public record Answers(RevisionProof.Outcome revision, Set<String> started, BridgeStates bridges) {

    /** All that run, and do not wait for their turn. */
    public boolean haveAllTaken(RevisionSecrets files) {
      return revision.pods().keySet().stream()
          .filter(pod -> !files.starts().turns().waits(PodStates.ordinal(pod)))
          .allMatch(started::contains);
    }

    /** All that run: with the newest configuration. */
    public boolean haveAllRestarted(RevisionSecrets files) {
      return files.starts().turns().isEmpty() && haveAllTaken(files);
    }

    private boolean hasTaken(Pod pod) {
      var name = pod.getMetadata().getName();
      return revision.hasProven(name) && started.contains(name);
    }
  }

  /**
   * Asks the pods what they enforce, what they run with, and which bridges they see.
   *
   * @param starting the names of the pods that are about to start
   */
  Answers ask(
      BrokerProfile profile,
      BrokerSecrets secrets,
      RevisionSecrets files,
      Set<String> starting,
      BrokerObservation seen)
      throws InterruptedException {
    var names = profile.names();
    var identity = secrets.internal().ofOperator();
    var revision = proof.prove(seen.pods(), starting, names, identity, files.revision().hex());
    var started = started(names, identity, files, seen, revision);
    return new Answers(
        revision, started, BridgeStates.of(secrets, names, seen.pods(), connections));
  }

  /**
   * Where no other configuration is left, whoever enforces the revision runs with the newest: it
   * has no other to start with.
   */
  private Set<String> started(
      BrokerNames names,
      OperatorIdentity identity,
      RevisionSecrets files,
      BrokerObservation seen,
      RevisionProof.Outcome revision)
      throws InterruptedException {
    if (files.starts().earlier().isEmpty() || files.start().isEmpty()) {
      return revision.pods().keySet().stream()
          .filter(revision::hasProven)
          .collect(Collectors.toSet());
    }
    var asked = seen.pods().stream().filter(pod -> !files.starts().isWaiting(pod)).toList();
    return proof.proveStart(asked, names, identity, files.start().get());
  }

  /**
   * Goes on where it may.
   *
   * @param written the Secret that names the revision
   * @param set as it now is
   * @return the StatefulSet as it is then
   */
  StatefulSet goOn(
      BrokerProfile profile,
      RevisionChoice choice,
      BrokerObservation seen,
      Secret written,
      StatefulSet set,
      Answers answers) {
    var partition = Partition.of(set);
    // A spec that is refused is no template, but the configuration before it stands.
    if (choice.refusal().isPresent() && partition > 0) {
      return set;
    }
    var files = choice.files();
    // Without a hub no bridge is connected at both ends; its turn comes when it is next.
    var hasNoHub = seen.hub().filter(PodStates::hasFailed).isPresent();
    var next =
        Partition.next(
            set,
            files.starts().turns(),
            seen.pods(),
            answers::hasTaken,
            pod ->
                PodStates.isReady(pod)
                    && (hasNoHub || answers.bridges().joins(pod, profile.names())));
    if (next.isEmpty()) {
      return set;
    }
    var ordinal = next.getAsInt();
    if (files.starts().turns().waits(ordinal)) {
      secretPass.turn(profile, files.afterTurnOf(ordinal), written);
    }
    return ordinal == partition - 1
        ? workload.advance(profile, choice.needs(), set, seen, ordinal)
        : set;
  }
}
