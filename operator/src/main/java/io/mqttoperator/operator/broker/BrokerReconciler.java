package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.clients.ClientPass;
import io.mqttoperator.operator.broker.clients.Finalizers;
import io.mqttoperator.operator.broker.clients.UserCertificates;
import io.mqttoperator.operator.broker.clients.UserSecrets;
import io.mqttoperator.operator.broker.objects.DataVolume;
import io.mqttoperator.operator.broker.objects.ImageApproval;
import io.mqttoperator.operator.broker.objects.SecretPass;
import io.mqttoperator.operator.broker.objects.WorkloadPass;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.BrokerObserver;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.observation.NameGrants;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.rollout.PodPass;
import io.mqttoperator.operator.broker.rollout.ScaleDown;
import io.mqttoperator.operator.broker.sessions.Departures;
import io.mqttoperator.operator.broker.sessions.NameMoves;
import io.mqttoperator.operator.broker.sessions.SessionTakeover;
import io.mqttoperator.operator.broker.status.StatusPass;
import io.mqttoperator.operator.kube.ApiRefusal;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.AskedChanges;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.NamespaceEnding;
import io.mqttoperator.operator.kube.Patience;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ReconcileQueue;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.StatusWriter;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.kube.Writes;
import io.mqttoperator.operator.mqtt.PodConnections;
import io.mqttoperator.operator.mqtt.PodReport;
import io.mqttoperator.operator.pki.CertificateIssuer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a broker and all users and ACLs that refer to it, whether the broker exists or not:
 * observe, decide, write, prove, and say what was seen. Each pass can be repeated, and cut off at
 * any point.
 */
public final class BrokerReconciler implements ReconcileQueue.Pass, AutoCloseable {

  private final Settings settings;
  private final BrokerObserver observer;
  private final AskedChanges asked;
  private final Writes writes = new Writes();
  private final BrokerPass pass;
  private final RefusedPass refusedPass;
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
      PassListener listener) {
    this.settings = settings;
    this.connections = connections;
    this.asked = new AskedChanges(clock);
    var applier = new Applier(client);
    var grants = new NameGrants(clock);
    observer = new BrokerObserver(caches, client, grants);
    departures =
        new Departures(
            applier, connections, events, writes, clock, random, listener::releasedUnproven);
    var statusWriter = new StatusWriter(client);
    statuses = new StatusPass(statusWriter, writes, events, clock);
    refusedPass = new RefusedPass(statuses, departures);
    var issuer = new CertificateIssuer(clock, random);
    var takeover = new SessionTakeover(connections, issuer, writes);
    var secretPass = new SecretPass(applier, writes, events, clock, random);
    var finalizers = new Finalizers(applier, writes);
    var workload =
        new WorkloadPass(
            applier,
            new ImageApproval(applier, clock),
            new DataVolume(client, applier),
            settings.operatorNamespace());
    pass =
        new BrokerPass(
            secretPass,
            new ClientPass(
                applier,
                new UserCertificates(caches, client, issuer, writes, clock, random),
                issuer,
                takeover,
                clock),
            new UserSecrets(caches, applier, finalizers, writes, random),
            finalizers,
            new ScaleDown(this::sessionsAway, clock),
            new PodPass(applier, secretPass, workload, connections, clock),
            statuses,
            new NameMoves(takeover, statusWriter, writes, grants, clock),
            departures,
            (key, enforcement, isWhole) -> proven(key, enforcement, isWhole, listener),
            clock);
  }

  @Override
  public Optional<Duration> reconcile(ResourceKey key) throws InterruptedException {
    var isUrgent = asked.begin(key);
    var seen = observer.observe(key);
    var broker = seen.broker();
    if (broker.isEmpty() || isGone(broker.get(), seen)) {
      memories.remove(key);
      releaseAll(seen);
      statuses.orphans(seen);
      observer.forget(key);
      asked.forget(key);
      return Optional.empty();
    }
    try {
      var patience = new Patience(() -> isUrgent || asked.isUrgent(key));
      return reconcile(broker.get(), seen, patience);
    } catch (NamespaceEnding ending) {
      // The broker goes too, but perhaps later than what it needs.
      releaseAll(seen);
      return Optional.of(NextLook.AFTER_REFUSAL);
    }
  }

  private void proven(
      ResourceKey key, Enforcement enforcement, boolean isWhole, PassListener listener) {
    if (enforcement instanceof Enforcement.Pending) {
      return;
    }
    if (!isWhole) {
      asked.provenInPart(key);
      return;
    }
    var took = asked.proven(key);
    if (enforcement instanceof Enforcement.Proven) {
      took.ifPresent(listener::enforced);
    }
  }

  /** Passes begin now. */
  public void start() {
    asked.start();
  }

  /**
   * Something is asked of a broker.
   *
   * @param canWait for all that a pass under way still has to write
   */
  public void asked(ResourceKey key, boolean canWait) {
    asked.add(key, canWait);
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

  private Optional<Duration> reconcile(MqttBroker broker, BrokerObservation seen, Patience patience)
      throws InterruptedException {
    BrokerProfile profile;
    try {
      profile = BrokerProfile.of(broker, settings.brokerImage(), settings.clusterDomain());
      profile.requireUsable();
    } catch (IllegalArgumentException unusable) {
      return refused(broker, seen, Reason.INVALID, Objects.toString(unusable.getMessage(), ""));
    }
    if (profile.isPaused()) {
      statuses.paused(profile, seen);
      // Certificates come due meanwhile.
      return Optional.of(NextLook.AT_LATEST);
    }
    try {
      return Optional.of(pass.run(profile, seen, memoryOf(broker, seen.key()), patience));
    } catch (UnusableAuthority unusable) {
      return refused(broker, seen, Reason.INVALID_CERTIFICATE, unusable.getMessage());
    } catch (DoNotFit tooLarge) {
      return refused(broker, seen, Reason.TOO_LARGE, tooLarge.getMessage());
    } catch (NameTaken taken) {
      return refused(broker, seen, Reason.NAME_TAKEN, taken.getMessage());
    } catch (KubernetesClientException failed) {
      if (!ApiRefusal.isOfContent(failed)) {
        throw failed;
      }
      // A quota, or an admission policy, forbids what the broker needs.
      return refused(broker, seen, Reason.INVALID, ApiRefusal.sentence(failed));
    } finally {
      connections.retain(observer.runningContainers());
    }
  }

  private Optional<Duration> refused(
      MqttBroker broker, BrokerObservation seen, Reason reason, @Nullable String why)
      throws InterruptedException {
    var names =
        new BrokerNames(seen.key().namespace(), seen.key().name(), settings.clusterDomain());
    var refusal = Verdict.no(reason, Objects.toString(why, ""));
    return Optional.of(refusedPass.run(broker, seen, names, refusal));
  }

  /** What is known of the pods that were asked something: by broker, then by the pod's name. */
  public Map<ResourceKey, Map<String, PodReport>> podReports() {
    return observer.byPod(connections.reports().join());
  }

  private OptionalInt sessionsAway(Pod pod, BrokerNames names) throws InterruptedException {
    try {
      return connections.sessionsAway(PodStates.endpoint(pod, names)).get();
    } catch (ExecutionException impossible) {
      return OptionalInt.empty();
    }
  }

  private BrokerMemory memoryOf(MqttBroker broker, ResourceKey key) {
    var uid = broker.getMetadata().getUid();
    return memories.compute(
        key,
        (name, known) -> known == null || !known.uid.equals(uid) ? new BrokerMemory(uid) : known);
  }

  @Override
  public void close() {
    writes.close();
    connections.close();
  }
}
