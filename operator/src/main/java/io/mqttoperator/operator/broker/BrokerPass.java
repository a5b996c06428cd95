package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.clients.AuthorityRound;
import io.mqttoperator.operator.broker.clients.ClientPass;
import io.mqttoperator.operator.broker.clients.Finalizers;
import io.mqttoperator.operator.broker.clients.UserSecrets;
import io.mqttoperator.operator.broker.objects.SecretPass;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionChoice;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.broker.revision.TenantFit;
import io.mqttoperator.operator.broker.rollout.PodPass;
import io.mqttoperator.operator.broker.rollout.ScaleDown;
import io.mqttoperator.operator.broker.sessions.Departures;
import io.mqttoperator.operator.broker.sessions.NameMoves;
import io.mqttoperator.operator.broker.status.BrokerFindings;
import io.mqttoperator.operator.broker.status.ChangeEffect;
import io.mqttoperator.operator.broker.status.OpeningListeners;
import io.mqttoperator.operator.broker.status.StatusPass;
import io.mqttoperator.operator.kube.Patience;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.pki.AuthorityProof;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A pass over a broker whose spec can be used. The order matters: what is made is stored before it
 * is used, what was proven is taken back before files are written, and what is proven is said after
 * the pods have answered.
 */
final class BrokerPass {

  /** After a pass that left something to the next one. */
  private static final Duration GO_ON = Duration.ofMillis(50);

  /** Hears what was found at the end of a pass. */
  @FunctionalInterface
  interface PassEnd {

    /**
     * A pass has ended.
     *
     * @param isWhole whether nothing was left to the next one
     */
    void found(ResourceKey broker, Enforcement enforcement, boolean isWhole);
  }

  private final SecretPass secretPass;
  private final ClientPass clientPass;
  private final UserSecrets userSecrets;
  private final Finalizers finalizers;
  private final ScaleDown scaleDown;
  private final PodPass pods;
  private final StatusPass statuses;
  private final NameMoves moves;
  private final Departures departures;
  private final PassEnd atEnd;
  private final Clock clock;

  BrokerPass(
      SecretPass secretPass,
      ClientPass clientPass,
      UserSecrets userSecrets,
      Finalizers finalizers,
      ScaleDown scaleDown,
      PodPass pods,
      StatusPass statuses,
      NameMoves moves,
      Departures departures,
      PassEnd atEnd,
      Clock clock) {
    this.secretPass = secretPass;
    this.clientPass = clientPass;
    this.userSecrets = userSecrets;
    this.finalizers = finalizers;
    this.scaleDown = scaleDown;
    this.pods = pods;
    this.statuses = statuses;
    this.moves = moves;
    this.departures = departures;
    this.atEnd = atEnd;
    this.clock = clock;
  }

  /**
   * Brings the broker to what is asked for, as far as it can be.
   *
   * @param patience how long what can wait is written
   * @return when to look again
   * @throws UnusableAuthority if the stored authority cannot be read
   * @throws DoNotFit if there are too many users or rules
   */
  Duration run(
      BrokerProfile profile, BrokerObservation seen, BrokerMemory memory, Patience patience)
      throws InterruptedException, UnusableAuthority, DoNotFit {
    var decided =
        clientPass.decide(
            profile, secretPass.keep(profile, seen, memory.authorities()), seen, memory.clients);
    var secrets = decided.secrets();
    var held = scaleDown.refuse(profile, seen, memory.pods);
    var chosen =
        TenantFit.of(
            plan(profile, decided, seen, memory, patience),
            seen.tenancy(),
            plan -> choose(profile, secrets, plan, memory, seen, held),
            RevisionChoice::isTooLarge);
    var plan = chosen.plan();
    var choice = chosen.choice();
    var changes = memory.access.changes(plan, choice.isNew(seen));
    ChangeEffect.of(profile, choice, seen)
        .ifPresent(how -> statuses.announce(profile.broker(), how));
    statuses.applying(changes);
    var clients = clientPass.storeEnding(profile, decided, choice.files(), seen, memory.clients);
    var written = secretPass.write(profile, secrets, choice.files(), seen, memory.shards);
    var outcome = pods.prove(profile, secrets, choice, written, memory.pods, seen);
    var proof = remember(profile, outcome, choice.files(), secrets, plan, memory);
    var findings = BrokerFindings.of(profile, secrets, choice, plan, outcome, clock.instant());
    var opening =
        OpeningListeners.of(
            profile, choice.files(), outcome.answers().haveAllRestarted(choice.files()));
    statuses.access(
        plan, memory.said.look(findings.enforcement(), changes.unproven()), opening::of, patience);
    statuses.broker(profile.broker(), seen, findings);
    var moved = moves.settle(plan, findings.enforcement(), seen.pods(), profile.names(), secrets);
    var ended =
        clientPass.endSessions(profile, clients, findings.enforcement(), seen, memory.clients);
    departures.release(
        ClientPass.without(plan.users(), ended),
        plan.acls(),
        findings.enforcement(),
        memory.pods.unreachableSince(),
        seen.pods(),
        profile.names(),
        Optional.of(secrets),
        patience);
    atEnd.found(seen.key(), findings.enforcement(), !patience.hasEnded());
    if (patience.hasEnded()) {
      return GO_ON;
    }
    return NextLook.after(
        findings,
        plan,
        profile.replicas(),
        AuthorityRound.nextLook(
            profile,
            secrets,
            proof,
            Collections.min(
                List.of(moved, clientPass.nextLook(clients, findings.enforcement(), ended))),
            clock),
        memory.pods.pause(),
        clock.instant());
  }

  /** Decides who may do what, and writes what users and ACLs need for themselves. */
  private AccessPlan plan(
      BrokerProfile profile,
      ClientPass.Outcome clients,
      BrokerObservation seen,
      BrokerMemory memory,
      Patience patience)
      throws InterruptedException {
    var users = userSecrets.write(seen, profile, clients, memory.clients.kept, patience);
    finalizers.addToAcls(seen);
    return memory.planner.plan(users, seen.acls(), seen.tenancy());
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
      throws InterruptedException, DoNotFit {
    try {
      return RevisionChoice.of(
          profile,
          secrets,
          plan,
          memory.renderer,
          memory.clients.keys.waiting(),
          seen,
          needs ->
              secrets.own().refusal().or(() -> held).or(() -> pods.refuse(profile, needs, seen)));
    } catch (DoNotFit tooLarge) {
      var renewed = RevisionSecrets.renewed(seen, secrets);
      if (renewed.isPresent()) {
        secretPass.write(profile, secrets, renewed.get(), seen, memory.shards);
        pods.tell(renewed.get(), memory.pods, seen);
      }
      throw tooLarge;
    }
  }

  /** Answers what was seen of the authorities. */
  private AuthorityProof remember(
      BrokerProfile profile,
      PodPass.Outcome outcome,
      RevisionSecrets files,
      BrokerSecrets secrets,
      AccessPlan plan,
      BrokerMemory memory) {
    var answers = outcome.answers();
    switch (answers.revision().enforcement()) {
      case Enforcement.Proven all -> {
        memory.proven(plan);
        if (answers.haveAllTaken(files)) {
          memory.pods.taken();
          return memory.seen(
              AuthorityRound.proof(profile, secrets, plan, memory.clients.certificates, clock));
        }
        memory.pods.untaken(clock.instant());
      }
      case Enforcement.Pending pending -> memory.pods.unproven(pending, clock.instant());
      case Enforcement.NoRunningPod none -> {}
      case Enforcement.Paused paused -> {}
    }
    return AuthorityProof.NONE;
  }
}
