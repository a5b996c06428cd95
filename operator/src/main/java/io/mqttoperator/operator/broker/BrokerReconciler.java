package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.RevisionProof.Outcome;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.NamespaceEnding;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ReconcileQueue;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.StatusWriter;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mqtt.PodConnections;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One pass over a broker and all users and ACLs that refer to it, whether the broker exists or not:
 * observe, decide, write, prove, and say what was seen. Each pass can be repeated, and cut off at
 * any point.
 */
public final class BrokerReconciler implements ReconcileQueue.Pass, AutoCloseable {

  /** The longest time without a look, should an event have been lost. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  /** A refusal may lie in something that tells us nothing when it is mended. */
  private static final Duration LOOK_AGAIN_AFTER_REFUSAL = Duration.ofSeconds(30);

  /**
   * Such a refusal lies in a Secret that is neither ours nor labelled for us: it is not watched.
   */
  private static final Set<Reason> UNWATCHED =
      EnumSet.of(Reason.SECRET_NOT_FOUND, Reason.SECRET_NOT_LABELLED, Reason.NAME_TAKEN);

  private final Settings settings;
  private final Clock clock;
  private final Applier applier;
  private final EventRecorder events;
  private final BrokerObserver observer;
  private final SecretKeeper keeper;
  private final Writes writes = new Writes();
  private final UserSecrets userSecrets;
  private final WorkloadPass workload;
  private final RevisionProof proof;
  private final Departures departures;
  private final StatusPass statuses;
  private final PodConnections connections;
  private final Map<ResourceKey, BrokerMemory> memories = new ConcurrentHashMap<>();

  /** What does not change while the operator runs. */
  public record Settings(String brokerImage, String clusterDomain, String operatorNamespace) {}

  public BrokerReconciler(
      Settings settings,
      KubernetesClient client,
      Caches caches,
      PodConnections connections,
      EventRecorder events,
      Clock clock,
      SecureRandom random,
      Runnable releasedUnproven) {
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.connections = connections;
    applier = new Applier(client);
    observer = new BrokerObserver(caches, client);
    keeper = new SecretKeeper(clock, random);
    userSecrets = new UserSecrets(caches, applier, writes, random);
    workload =
        new WorkloadPass(
            applier,
            new ImageApproval(applier, clock),
            new DataVolume(client),
            settings.operatorNamespace());
    proof = new RevisionProof(applier, connections);
    departures =
        new Departures(applier, connections, events, writes, clock, random, releasedUnproven);
    statuses = new StatusPass(new StatusWriter(client), writes, events, clock);
  }

  @Override
  public Optional<Duration> reconcile(ResourceKey key) throws InterruptedException {
    var seen = observer.observe(key);
    var broker = seen.broker();
    if (broker.isEmpty() || isGone(broker.get(), seen)) {
      memories.remove(key);
      releaseAll(seen);
      statuses.orphans(seen);
      return Optional.empty();
    }
    try {
      return reconcile(broker.get(), seen);
    } catch (NamespaceEnding ending) {
      // The broker goes too, but perhaps later than what it needs.
      releaseAll(seen);
      return Optional.of(LOOK_AGAIN_AFTER_REFUSAL);
    }
  }

  private void releaseAll(BrokerObservation seen) throws InterruptedException {
    departures.releaseAll(seen.users().stream().map(user -> user.user()).toList());
    departures.releaseAll(seen.acls());
  }

  /** One that is being deleted serves on, and revokes, until its last pod has ended. */
  private static boolean isGone(MqttBroker broker, BrokerObservation seen) {
    return broker.getMetadata().getDeletionTimestamp() != null
        && seen.pods().stream().noneMatch(PodStates::isRunning);
  }

  private Optional<Duration> reconcile(MqttBroker broker, BrokerObservation seen)
      throws InterruptedException {
    BrokerProfile profile;
    try {
      profile = BrokerProfile.of(broker, settings.brokerImage(), settings.clusterDomain());
      if (profile.isPaused()) {
        statuses.paused(profile, seen);
        return Optional.empty();
      }
      return Optional.of(reconcile(profile, seen));
    } catch (IllegalArgumentException unusable) {
      return refused(broker, seen, Reason.INVALID, unusable);
    } catch (UnusableAuthority unusable) {
      return refused(broker, seen, Reason.INVALID_CERTIFICATE, unusable);
    } catch (AccessFiles.DoNotFit tooLarge) {
      return refused(broker, seen, Reason.TOO_LARGE, tooLarge);
    } catch (NameTaken taken) {
      return refused(broker, seen, Reason.NAME_TAKEN, taken);
    }
  }

  /**
   * Nothing can be written for this broker. What runs keeps running, so users that leave are held
   * while a pod may let them in; new ones are told why they wait.
   */
  private Optional<Duration> refused(
      MqttBroker broker, BrokerObservation seen, Reason reason, Exception why)
      throws InterruptedException {
    var verdict = Verdict.no(reason, Objects.toString(why.getMessage(), ""));
    var enforcement =
        seen.pods().stream().noneMatch(PodStates::isRunning)
            ? new Enforcement.NoRunningPod()
            : new Enforcement.Pending(reason, "The broker is refused: " + verdict.message());
    var users = seen.users().stream().map(user -> UserSecrets.decide(user, true)).toList();
    var plan = AccessPlan.of(users, seen.acls());
    statuses.access(plan, enforcement, Set.of());
    statuses.broker(broker, seen, BrokerStatusComposer.refused(seen, verdict, enforcement));
    departures.release(
        users,
        plan.acls(),
        enforcement,
        seen.pods(),
        new BrokerNames(seen.key().namespace(), seen.key().name(), settings.clusterDomain()),
        Optional.empty());
    return Optional.of(LOOK_AGAIN_AFTER_REFUSAL);
  }

  private Duration reconcile(BrokerProfile profile, BrokerObservation seen)
      throws InterruptedException, UnusableAuthority, AccessFiles.DoNotFit {
    var memory = memoryOf(profile.broker(), seen.key());
    var secrets = keepSecrets(profile, seen);
    var users = userSecrets.keep(seen.users(), profile, secrets);
    keepAcls(seen);
    var plan = AccessPlan.of(users, seen.acls());
    var wanted = files(profile.configuration(), profile, secrets, plan, memory, seen);
    var refusal = refusal(profile, wanted, seen);
    var files = refusal.isEmpty() ? wanted : keptFiles(profile, secrets, plan, memory, seen);
    var isNew = !seen.storedRevision().equals(Optional.of(files.revision().hex()));
    statuses.applying(users.stream().filter(user -> memory.inputsChanged(user, isNew)).toList());
    var unproven = unproven(plan, memory, isNew);
    writeFiles(profile, secrets, files, seen);
    var revision = files.revision().hex();
    proof.tell(seen.pods(), revision, memory.attempt(revision, clock.instant()));
    var outcome =
        refusal
            .map(verdict -> new WorkloadPass.Outcome(verdict, seen.statefulSet()))
            .orElseGet(() -> workload.write(profile, wanted.needs(), seen));
    var proven = proof.prove(seen.pods(), profile.names(), secrets.identity(), revision);
    switch (proven.enforcement()) {
      case Enforcement.Proven all -> memory.proven(plan);
      case Enforcement.Pending pending -> memory.unproven(clock.instant());
      case Enforcement.NoRunningPod none -> {}
      case Enforcement.Paused paused -> {}
    }
    connections.retain(observer.runningContainers());
    var findings =
        new BrokerFindings(
            Optional.of(profile),
            outcome.accepted(),
            Verdict.yes(Reason.ISSUED, "All certificates are issued and valid."),
            Optional.of(secrets),
            Optional.of(files),
            plan.rules(),
            proven.enforcement(),
            revisions(proven, files),
            outcome.statefulSet());
    statuses.all(profile.broker(), seen, findings, plan, unproven);
    departures.release(
        users,
        plan.acls(),
        proven.enforcement(),
        seen.pods(),
        profile.names(),
        Optional.of(secrets));
    return wait(findings, plan, secrets, memory);
  }

  private BrokerMemory memoryOf(MqttBroker broker, ResourceKey key) {
    var uid = broker.getMetadata().getUid();
    return memories.compute(
        key,
        (name, known) -> known == null || !known.uid.equals(uid) ? new BrokerMemory(uid) : known);
  }

  private void keepAcls(BrokerObservation seen) throws InterruptedException {
    var own =
        seen.acls().stream()
            .filter(acl -> seen.key().namespace().equals(acl.getMetadata().getNamespace()))
            .toList();
    writes.forEach(
        own,
        acl -> {
          userSecrets.addFinalizer(acl);
          return true;
        });
  }

  /** Why the spec, or its image, cannot take effect: then the configuration stays what it was. */
  private Optional<Verdict> refusal(
      BrokerProfile profile, AccessFiles wanted, BrokerObservation seen) {
    return WorkloadPass.refuse(profile, wanted.needs(), seen)
        .or(
            () ->
                Optional.of(workload.judgeImage(profile, wanted.needs(), seen))
                    .filter(image -> !image.isTrue()));
  }

  private static Set<Object> unproven(AccessPlan plan, BrokerMemory memory, boolean isNew) {
    var unproven = new HashSet<Object>();
    plan.users().stream()
        .filter(user -> memory.isUnproven(user, plan, isNew))
        .forEach(unproven::add);
    plan.acls().stream().filter(acl -> memory.isUnproven(acl, isNew)).forEach(unproven::add);
    return unproven;
  }

  private BrokerSecrets keepSecrets(BrokerProfile profile, BrokerObservation seen)
      throws UnusableAuthority {
    var secrets = keeper.keep(profile, seen);
    var blueprint = new SecretBlueprint(profile);
    apply(blueprint.operator(secrets), profile, seen);
    apply(blueprint.authority(secrets), profile, seen);
    apply(blueprint.trust(secrets), profile, seen);
    secrets
        .issued()
        .forEach(sentence -> events.normal(profile.broker(), "CertificateIssued", sentence));
    return secrets;
  }

  private static AccessFiles files(
      BrokerConfiguration configuration,
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

  /** Users and rules as they are now, under the configuration that ran before. */
  private static AccessFiles keptFiles(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      BrokerMemory memory,
      BrokerObservation seen)
      throws AccessFiles.DoNotFit {
    var before = seen.files().bytes(RevisionFiles.CONFIGURATION);
    var configuration =
        before.isPresent() ? BrokerConfiguration.parse(before.get()) : profile.configuration();
    return files(configuration, profile, secrets, plan, memory, seen);
  }

  /** What the manifest names first, in quick succession, and the manifest last. */
  private void writeFiles(
      BrokerProfile profile, BrokerSecrets secrets, AccessFiles files, BrokerObservation seen)
      throws InterruptedException {
    var blueprint = new SecretBlueprint(profile);
    apply(blueprint.server(secrets), profile, seen);
    apply(blueprint.internal(secrets), profile, seen);
    writes.forEach(
        files.shards().entrySet(),
        shard -> apply(blueprint.shard(shard.getKey(), shard.getValue()), profile, seen));
    apply(blueprint.files(files), profile, seen);
  }

  private <T extends HasMetadata> T apply(
      T desired, BrokerProfile profile, BrokerObservation seen) {
    return applier.apply(desired, Existing.of(desired, seen), profile.broker());
  }

  private static Map<String, String> revisions(Outcome outcome, AccessFiles files) {
    var revisions = new HashMap<String, String>();
    outcome.pods().keySet().stream()
        .filter(outcome::hasProven)
        .forEach(pod -> revisions.put(pod, files.revision().hex()));
    return revisions;
  }

  private Duration wait(
      BrokerFindings findings, AccessPlan plan, BrokerSecrets secrets, BrokerMemory memory) {
    var renewal = Duration.between(clock.instant(), secrets.renewAt());
    var wait = renewal.compareTo(LOOK_AGAIN) < 0 ? renewal : LOOK_AGAIN;
    if (findings.enforcement() instanceof Enforcement.Pending) {
      wait = memory.pause();
    } else if (!findings.accepted().isTrue()
        || plan.users().stream().anyMatch(BrokerReconciler::waits)) {
      wait = wait.compareTo(LOOK_AGAIN_AFTER_REFUSAL) < 0 ? wait : LOOK_AGAIN_AFTER_REFUSAL;
    }
    return wait.isNegative() ? Duration.ofSeconds(1) : wait;
  }

  private static boolean waits(UserDecision user) {
    return UNWATCHED.contains(user.accepted().reason());
  }

  @Override
  public void close() {
    writes.close();
    connections.close();
  }
}
