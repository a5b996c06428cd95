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
import java.util.List;
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

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 5;

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
      SecureRandom random) {
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.connections = connections;
    applier = new Applier(client);
    observer = new BrokerObserver(caches, client);
    keeper = new SecretKeeper(clock, random);
    userSecrets = new UserSecrets(caches, applier, writes, random);
    workload =
        new WorkloadPass(applier, new ImageApproval(applier, clock), settings.operatorNamespace());
    proof = new RevisionProof(applier, connections);
    departures = new Departures(applier, connections, events, writes, clock, random);
    statuses = new StatusPass(new StatusWriter(client), writes, events, clock);
  }

  @Override
  public Optional<Duration> reconcile(ResourceKey key) throws InterruptedException {
    var seen = observer.observe(key);
    var broker = seen.broker().filter(found -> found.getMetadata().getDeletionTimestamp() == null);
    if (broker.isEmpty()) {
      memories.remove(key);
      departures.releaseAll(seen.users().stream().map(user -> user.user()).toList());
      departures.releaseAll(seen.acls());
      statuses.orphans(seen);
      return Optional.empty();
    }
    return reconcile(broker.get(), seen);
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

  private Optional<Duration> refused(
      MqttBroker broker, BrokerObservation seen, Reason reason, Exception why) {
    statuses.broker(
        broker,
        seen,
        BrokerStatusComposer.refused(
            seen, Verdict.no(reason, Objects.toString(why.getMessage(), ""))));
    return Optional.of(LOOK_AGAIN_AFTER_REFUSAL);
  }

  private Duration reconcile(BrokerProfile profile, BrokerObservation seen)
      throws InterruptedException, UnusableAuthority, AccessFiles.DoNotFit {
    var memory = memories.computeIfAbsent(seen.key(), key -> new BrokerMemory());
    var secrets = keepSecrets(profile, seen);
    var users = userSecrets.keep(seen.users(), profile, secrets);
    writes.forEach(
        seen.acls(),
        acl -> {
          userSecrets.addFinalizer(acl);
          return true;
        });
    var plan = AccessPlan.of(users, seen.acls());
    var wanted = files(profile.configuration(), profile, secrets, plan, memory, seen);
    var refusal = WorkloadPass.refuse(profile, wanted.needs(), seen);
    var files = refusal.isEmpty() ? wanted : keptFiles(profile, secrets, plan, memory, seen);
    var changed = changed(users, files, memory, seen);
    statuses.applying(changed);
    writeFiles(profile, files, seen);
    var revision = files.revision().hex();
    proof.tell(seen.pods(), revision, memory.attempt(revision));
    var outcome =
        refusal
            .map(verdict -> new WorkloadPass.Outcome(verdict, seen.statefulSet()))
            .orElseGet(() -> workload.write(profile, wanted.needs(), seen));
    var proven = prove(profile, secrets, files, memory, seen);
    if (proven.enforcement() instanceof Enforcement.Proven) {
      memory.proven(users);
    }
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
    statuses.all(profile.broker(), seen, findings, plan, changed);
    departures.release(
        users, plan.acls(), proven.enforcement(), seen.pods(), profile.names(), secrets);
    return wait(findings, users, secrets, memory);
  }

  private BrokerSecrets keepSecrets(BrokerProfile profile, BrokerObservation seen)
      throws UnusableAuthority {
    var secrets = keeper.keep(profile, seen);
    var blueprint = new SecretBlueprint(profile);
    apply(blueprint.operator(secrets), profile, seen);
    apply(blueprint.authority(secrets), profile, seen);
    apply(blueprint.server(secrets), profile, seen);
    apply(blueprint.internal(secrets), profile, seen);
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
        AccessFiles.count(seen.shards()));
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

  /** Users whose labels or own Secret changed, without a new generation. */
  private static List<UserDecision> changed(
      List<UserDecision> users, AccessFiles files, BrokerMemory memory, BrokerObservation seen) {
    var isNew = !seen.storedRevision().equals(Optional.of(files.revision().hex()));
    return users.stream().filter(user -> memory.inputsChanged(user, isNew)).toList();
  }

  /** The shards first, the manifest that names them last. */
  private void writeFiles(BrokerProfile profile, AccessFiles files, BrokerObservation seen)
      throws InterruptedException {
    var blueprint = new SecretBlueprint(profile);
    writes.forEach(
        files.shards().entrySet(),
        shard -> apply(blueprint.shard(shard.getKey(), shard.getValue()), profile, seen));
    apply(blueprint.files(files), profile, seen);
  }

  private <T extends HasMetadata> T apply(
      T desired, BrokerProfile profile, BrokerObservation seen) {
    return applier.apply(desired, Existing.of(desired, seen), profile.broker());
  }

  private Outcome prove(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessFiles files,
      BrokerMemory memory,
      BrokerObservation seen)
      throws InterruptedException {
    var outcome =
        proof.prove(seen.pods(), profile.names(), secrets.identity(), files.revision().hex());
    if (outcome.enforcement() instanceof Enforcement.Pending) {
      memory.failedAttempt();
    } else {
      memory.succeeded();
    }
    return outcome;
  }

  private static Map<String, String> revisions(Outcome outcome, AccessFiles files) {
    var revisions = new HashMap<String, String>();
    outcome.pods().keySet().stream()
        .filter(outcome::hasProven)
        .forEach(pod -> revisions.put(pod, files.revision().hex()));
    return revisions;
  }

  private Duration wait(
      BrokerFindings findings,
      List<UserDecision> users,
      BrokerSecrets secrets,
      BrokerMemory memory) {
    var renewal = Duration.between(clock.instant(), secrets.renewAt());
    var wait = renewal.compareTo(LOOK_AGAIN) < 0 ? renewal : LOOK_AGAIN;
    if (findings.enforcement() instanceof Enforcement.Pending) {
      var files = findings.files().orElseThrow();
      var doublings = Math.min(memory.attempt(files.revision().hex()), MOST_DOUBLINGS);
      wait = FIRST_RETRY.multipliedBy(1L << doublings);
    } else if (!findings.accepted().isTrue() || users.stream().anyMatch(BrokerReconciler::waits)) {
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
