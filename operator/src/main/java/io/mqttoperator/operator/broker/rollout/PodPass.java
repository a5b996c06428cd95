package io.mqttoperator.operator.broker.rollout;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.objects.ExposurePass;
import io.mqttoperator.operator.broker.objects.SecretPass;
import io.mqttoperator.operator.broker.objects.WorkloadPass;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionChoice;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.Requirements;
import io.mqttoperator.operator.mqtt.PodConnections;
import java.time.Clock;
import java.util.Optional;

/** The part of a pass that is about pods: what they are made of, and what they answer. */
public final class PodPass {

  private final WorkloadPass workload;
  private final ExposurePass exposure;
  private final RevisionProof proof;
  private final RolloutPass rollout;
  private final Clock clock;

  public PodPass(
      Applier applier,
      SecretPass secrets,
      WorkloadPass workload,
      PodConnections connections,
      Clock clock) {
    this.workload = workload;
    this.exposure = new ExposurePass(applier);
    this.proof = new RevisionProof(applier, connections);
    this.rollout = new RolloutPass(secrets, workload, proof, connections);
    this.clock = clock;
  }

  /** What became of the objects that are no secret, and what the pods have answered. */
  public record Outcome(
      WorkloadPass.Outcome workload, Verdict exposed, RolloutPass.Answers answers) {

    /** Pods are replaced, and go on serving, whatever becomes of a way to reach them. */
    public Verdict accepted() {
      return workload.accepted().isTrue() && !exposed.isTrue() ? exposed : workload.accepted();
    }
  }

  /** Why the spec, or its image, cannot take effect: then the configuration stays what it was. */
  public Optional<Verdict> refuse(
      BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    return WorkloadPass.refuse(profile, needs, seen)
        .or(
            () ->
                Optional.of(workload.judgeImage(profile, needs, seen))
                    .filter(image -> !image.isTrue()));
  }

  /** Tells the pods of a revision, without asking them. */
  public void tell(RevisionSecrets files, PodMemory memory, BrokerObservation seen) {
    proof.tell(seen.pods(), files, memory.attempt(files.word(), clock.instant()));
  }

  /**
   * Tells the pods of a revision, brings what they are made of to what is asked for, and asks them.
   *
   * @param files the Secret that names the revision
   */
  public Outcome prove(
      BrokerProfile profile,
      BrokerSecrets secrets,
      RevisionChoice choice,
      Secret files,
      PodMemory memory,
      BrokerObservation seen)
      throws InterruptedException {
    var written = write(profile, choice, memory, seen);
    var isRefused = choice.refusal().isPresent();
    var exposed = isRefused ? written.accepted() : exposure.write(profile, seen);
    var starting = memory.starting(seen.pods(), clock.instant());
    var answers = rollout.ask(profile, secrets, choice.files(), starting, seen);
    var set = written.statefulSet();
    if (isRefused || written.accepted().isTrue()) {
      set = set.map(present -> rollout.goOn(profile, choice, seen, files, present, answers));
    }
    return new Outcome(new WorkloadPass.Outcome(written.accepted(), set), exposed, answers);
  }

  /** Tells the pods of their files, and writes what the pods are made of. */
  private WorkloadPass.Outcome write(
      BrokerProfile profile, RevisionChoice choice, PodMemory memory, BrokerObservation seen) {
    var attempt = memory.attempt(choice.files().word(), clock.instant());
    if (choice.refusal().isPresent()) {
      proof.tell(seen.pods(), choice.files(), attempt);
      return new WorkloadPass.Outcome(choice.refusal().get(), seen.statefulSet());
    }
    // The only pod, where it is to be replaced, would start Mosquitto anew just before.
    var isLeaving = profile.replicas() == 1 && WorkloadPass.restarts(profile, choice.needs(), seen);
    if (!isLeaving) {
      proof.tell(seen.pods(), choice.files(), attempt);
    }
    var written = workload.write(profile, choice.needs(), seen);
    if (isLeaving && !written.accepted().isTrue()) {
      proof.tell(seen.pods(), choice.files(), attempt);
    }
    return written;
  }
}
