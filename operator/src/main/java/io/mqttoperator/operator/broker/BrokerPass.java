package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.RevisionProof.Outcome;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.Requirements;
import io.mqttoperator.operator.mqtt.PodConnections;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A pass over a broker whose spec can be used. The order matters: what is made is stored before it
 * is used, what was proven is taken back before files are written, and what is proven is said after
 * the pods have answered.
 */
final class BrokerPass {

  private final SecretPass secretPass;
  private final UserSecrets userSecrets;
  private final ScaleDown scaleDown;
  private final WorkloadPass workload;
  private final ExposurePass exposure;
  private final RevisionProof proof;
  private final StatusPass statuses;
  private final Departures departures;
  private final PodConnections connections;
  private final Clock clock;

  BrokerPass(
      SecretPass secretPass,
      UserSecrets userSecrets,
      ScaleDown scaleDown,
      WorkloadPass workload,
      ExposurePass exposure,
      RevisionProof proof,
      StatusPass statuses,
      Departures departures,
      PodConnections connections,
      Clock clock) {
    this.secretPass = secretPass;
    this.userSecrets = userSecrets;
    this.scaleDown = scaleDown;
    this.workload = workload;
    this.exposure = exposure;
    this.proof = proof;
    this.statuses = statuses;
    this.departures = departures;
    this.connections = connections;
    this.clock = clock;
  }

  /**
   * Brings the broker to what is asked for, as far as it can be.
   *
   * @return when to look again
   * @throws UnusableAuthority if the stored authority cannot be read
   * @throws AccessFiles.DoNotFit if there are too many users or rules
   */
  Duration run(BrokerProfile profile, BrokerObservation seen, BrokerMemory memory)
      throws InterruptedException, UnusableAuthority, AccessFiles.DoNotFit {
    var secrets = secretPass.keep(profile, seen);
    var held = scaleDown.refuse(profile, seen, memory);
    var chosen =
        fit(
            plan(profile, secrets, seen, memory),
            seen,
            plan -> choose(profile, secrets, plan, memory, seen, held));
    var plan = chosen.plan();
    var choice = chosen.choice();
    var changes = memory.changes(plan, choice.isNew(seen));
    ChangeEffect.of(profile, choice, seen)
        .ifPresent(how -> statuses.announce(profile.broker(), how));
    statuses.applying(changes);
    secretPass.write(profile, secrets, choice.files(), seen);
    var outcome = prove(profile, secrets, choice, memory, seen);
    remember(outcome.proof().enforcement(), plan, memory);
    var findings = findings(profile, secrets, choice, plan, outcome);
    statuses.all(profile.broker(), seen, findings, plan, changes.unproven());
    departures.release(
        plan.users(),
        plan.acls(),
        findings.enforcement(),
        memory.unreachableSince(),
        seen.pods(),
        profile.names(),
        Optional.of(secrets));
    return NextLook.after(
        findings, plan, profile.replicas(), secrets.renewAt(), memory.pause(), clock.instant());
  }

  /** Decides who may do what, and writes what users and ACLs need for themselves. */
  private AccessPlan plan(
      BrokerProfile profile, BrokerSecrets secrets, BrokerObservation seen, BrokerMemory memory)
      throws InterruptedException {
    var users = userSecrets.keep(seen.users(), profile, secrets, memory.secrets);
    userSecrets.keepAcls(seen);
    return AccessPlan.of(users, seen.acls(), seen.tenancy());
  }

  /** What is granted, and the revision that says so. */
  private record Chosen(AccessPlan plan, RevisionChoice choice) {}

  /** Chooses a revision for what is granted. */
  @FunctionalInterface
  private interface Chooser {
    RevisionChoice choose(AccessPlan plan) throws InterruptedException, AccessFiles.DoNotFit;
  }

  /** No tenant may keep a broker from taking changes: the largest lose their rules first. */
  private static Chosen fit(AccessPlan plan, BrokerObservation seen, Chooser chooser)
      throws InterruptedException, AccessFiles.DoNotFit {
    try {
      return new Chosen(plan, chooser.choose(plan));
    } catch (AccessFiles.DoNotFit tooLarge) {
      var largest = plan.largestTenant(seen.tenancy());
      if (largest.isEmpty()) {
        throw tooLarge;
      }
      return fit(plan.without(largest.get()), seen, chooser);
    }
  }

  /**
   * Where there is more than fits, at least no certificate ends meanwhile: those that were issued
   * just now go into the revision that is there.
   *
   * @param held why no pod may be removed, if one is to be
   */
  private RevisionChoice choose(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      BrokerMemory memory,
      BrokerObservation seen,
      Optional<Verdict> held)
      throws InterruptedException, AccessFiles.DoNotFit {
    try {
      return RevisionChoice.of(
          profile,
          secrets,
          plan,
          memory,
          seen,
          needs -> held.or(() -> refusal(profile, needs, seen)));
    } catch (AccessFiles.DoNotFit tooLarge) {
      var renewed = AccessFiles.renewed(seen, secrets);
      if (renewed.isPresent()) {
        secretPass.write(profile, secrets, renewed.get(), seen);
        var revision = renewed.get().revision().hex();
        proof.tell(seen.pods(), revision, memory.attempt(revision, clock.instant()));
      }
      throw tooLarge;
    }
  }

  /** Why the spec, or its image, cannot take effect: then the configuration stays what it was. */
  private Optional<Verdict> refusal(
      BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    return WorkloadPass.refuse(profile, needs, seen)
        .or(
            () ->
                Optional.of(workload.judgeImage(profile, needs, seen))
                    .filter(image -> !image.isTrue()));
  }

  /** What became of the objects that are no secret, and what the pods have answered. */
  private record Proven(
      WorkloadPass.Outcome workload, Verdict exposed, Outcome proof, BridgeStates bridges) {

    /** Pods are replaced, and go on serving, whatever becomes of a way to reach them. */
    Verdict accepted() {
      return workload.accepted().isTrue() && !exposed.isTrue() ? exposed : workload.accepted();
    }
  }

  private Proven prove(
      BrokerProfile profile,
      BrokerSecrets secrets,
      RevisionChoice choice,
      BrokerMemory memory,
      BrokerObservation seen)
      throws InterruptedException {
    var revision = choice.files().revision().hex();
    proof.tell(seen.pods(), revision, memory.attempt(revision, clock.instant()));
    var written =
        choice
            .refusal()
            .map(verdict -> new WorkloadPass.Outcome(verdict, seen.statefulSet()))
            .orElseGet(() -> workload.write(profile, choice.needs(), seen));
    var exposed = choice.refusal().isPresent() ? written.accepted() : exposure.write(profile, seen);
    var identity = secrets.internal().ofOperator();
    var proven =
        proof.prove(
            seen.pods(),
            memory.starting(seen.pods(), clock.instant()),
            profile.names(),
            identity,
            revision);
    var bridges = BridgeStates.of(secrets, profile.names(), seen.pods(), connections);
    return new Proven(
        goOn(profile, choice, written, proven, bridges, seen), exposed, proven, bridges);
  }

  private WorkloadPass.Outcome goOn(
      BrokerProfile profile,
      RevisionChoice choice,
      WorkloadPass.Outcome written,
      Outcome proven,
      BridgeStates bridges,
      BrokerObservation seen) {
    if (!written.accepted().isTrue()) {
      return written;
    }
    return new WorkloadPass.Outcome(
        written.accepted(),
        written
            .statefulSet()
            .map(
                set ->
                    workload.advance(
                        profile,
                        choice.needs(),
                        set,
                        seen,
                        pod -> proven.hasProven(pod.getMetadata().getName()),
                        pod -> PodStates.isReady(pod) && bridges.joins(pod, profile.names()))));
  }

  private void remember(Enforcement enforcement, AccessPlan plan, BrokerMemory memory) {
    switch (enforcement) {
      case Enforcement.Proven all -> memory.proven(plan);
      case Enforcement.Pending pending -> memory.unproven(pending, clock.instant());
      case Enforcement.NoRunningPod none -> {}
      case Enforcement.Paused paused -> {}
    }
  }

  private static BrokerFindings findings(
      BrokerProfile profile,
      BrokerSecrets secrets,
      RevisionChoice choice,
      AccessPlan plan,
      Proven outcome) {
    return new BrokerFindings(
        Optional.of(profile),
        outcome.accepted(),
        Verdict.yes(Reason.ISSUED, "All certificates are issued and valid."),
        Optional.of(secrets),
        Optional.of(choice.files()),
        plan.rules(),
        outcome.proof().enforcement(),
        outcome.bridges().verdict(profile.names(), profile.replicas()),
        revisions(outcome.proof(), choice.files()),
        outcome.workload().statefulSet());
  }

  private static Map<String, String> revisions(Outcome proof, AccessFiles files) {
    var revisions = new HashMap<String, String>();
    proof.pods().keySet().stream()
        .filter(proof::hasProven)
        .forEach(pod -> revisions.put(pod, files.revision().hex()));
    return revisions;
  }
}
