package io.mqttoperator.operator.broker.sessions;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.access.AclDecision;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Contained;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Patience;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Writes;
import io.mqttoperator.operator.mqtt.PodConnections;
import io.mqttoperator.operator.pki.CertificateIssuer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets users and ACLs go: when every running pod is proven to be without them, or after five
 * minutes of a pod that cannot be asked, with a warning.
 */
public final class Departures {

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final Applier applier;
  private final EventRecorder events;
  private final Writes writes;
  private final Clock clock;
  private final SessionTakeover takeover;
  private final Runnable releasedUnproven;

  public Departures(
      Applier applier,
      PodConnections connections,
      EventRecorder events,
      Writes writes,
      Clock clock,
      SecureRandom random,
      Runnable releasedUnproven) {
    this.applier = applier;
    this.events = events;
    this.writes = writes;
    this.clock = clock;
    this.takeover = new SessionTakeover(connections, new CertificateIssuer(clock, random), writes);
    this.releasedUnproven = releasedUnproven;
  }

  static boolean isLeaving(HasMetadata resource) {
    return resource.getMetadata().getDeletionTimestamp() != null
        && resource.getFinalizers().contains(Labels.FINALIZER);
  }

  /** Whether a resource is released as soon as a pass has found this. */
  public static boolean mayGo(HasMetadata resource, Enforcement enforcement) {
    return isLeaving(resource)
        && (enforcement instanceof Enforcement.Proven
            || enforcement instanceof Enforcement.NoRunningPod);
  }

  /**
   * Releases what may go, after a pass has ended with {@code enforcement}.
   *
   * @param unreachableSince since when, without a break, a pod could not be asked
   * @param patience who has not gone when it ends goes after the next pass
   */
  public void release(
      List<UserDecision> users,
      List<AclDecision> acls,
      Enforcement enforcement,
      Optional<Instant> unreachableSince,
      List<Pod> pods,
      BrokerNames names,
      Optional<BrokerSecrets> secrets,
      Patience patience)
      throws InterruptedException {
    var leaving =
        Stream.<HasMetadata>concat(
                users.stream().map(UserDecision::user), acls.stream().map(AclDecision::acl))
            .filter(Departures::isLeaving)
            .toList();
    switch (enforcement) {
      case Enforcement.Proven proven -> {
        var sessions = secrets.isPresent() ? sessionsOf(users) : Map.<String, String>of();
        var isCutOff =
            users.stream()
                .filter(UserDecision::isCutOff)
                .map(user -> user.seen().uid())
                .collect(Collectors.toSet());
        var unused =
            writes.forFirst(
                leaving.stream()
                    .filter(
                        resource ->
                            !isCutOff.contains(resource.getMetadata().getUid())
                                || isOverdue(resource, Instant.EPOCH))
                    .toList(),
                resource -> {
                  var username = sessions.get(resource.getMetadata().getUid());
                  if (username != null) {
                    takeover.end(username, pods, names, secrets.orElseThrow());
                  }
                  return release(resource);
                },
                patience);
      }
      case Enforcement.NoRunningPod none -> {
        var unused = writes.forFirst(leaving, this::release, patience);
      }
      case Enforcement.Pending pending when pending.reason() != Reason.POD_UNREACHABLE -> {
        // A pod that answers is known to let them in still: they stay, and their status says so.
      }
      case Enforcement.Pending pending ->
          releaseOverdue(leaving, pending, unreachableSince.orElseGet(clock::instant));
      case Enforcement.Paused paused -> {}
    }
  }

  private void releaseOverdue(
      List<HasMetadata> leaving, Enforcement.Pending pending, Instant unreachableSince)
      throws InterruptedException {
    writes.forEach(
        leaving.stream().filter(resource -> isOverdue(resource, unreachableSince)).toList(),
        resource -> {
          // Said once it is so: a release is refused where the status was written just before, and
          // comes again.
          if (!release(resource)) {
            return false;
          }
          events.warning(
              resource,
              "ReleasedUnproven",
              "Let go after %d minutes without proof on every pod: %s"
                  .formatted(LONGEST_WAIT.toMinutes(), pending.message()));
          releasedUnproven.run();
          return true;
        });
  }

  /** Releases all at once: there is no broker that could let anybody in. */
  public void releaseAll(Collection<? extends HasMetadata> resources) throws InterruptedException {
    writes.forEach(resources.stream().filter(Departures::isLeaving).toList(), this::release);
  }

  /** Answers whether it is let go. */
  private boolean release(HasMetadata resource) {
    var others =
        resource.getFinalizers().stream().filter(name -> !Labels.FINALIZER.equals(name)).toList();
    return Contained.of(
            resource,
            () -> {
              applier.setFinalizers(resource, others);
              return true;
            })
        .isPresent();
  }

  /** A deletion that waited for other things does not make a pod unreachable for longer. */
  private boolean isOverdue(HasMetadata resource, Instant unreachableSince) {
    var deleted = Instant.parse(resource.getMetadata().getDeletionTimestamp());
    var since = deleted.isAfter(unreachableSince) ? deleted : unreachableSince;
    return clock.instant().isAfter(since.plus(LONGEST_WAIT));
  }

  /**
   * By UID, the names of users that leave, whose offline sessions are to end: one made again under
   * the same name would else inherit its subscriptions and queued messages.
   */
  private static Map<String, String> sessionsOf(List<UserDecision> users) {
    var going = users.stream().filter(user -> isLeaving(user.user())).toList();
    if (going.isEmpty()) {
      return Map.of();
    }
    var staying = new HashSet<String>();
    users.stream()
        .filter(UserDecision::mayLogIn)
        .forEach(user -> staying.add(user.seen().username()));
    return going.stream()
        // Of another the session is not theirs.
        .filter(user -> user.seen().holdsUsername())
        .filter(user -> !staying.contains(user.seen().username()))
        .collect(Collectors.toMap(user -> user.seen().uid(), user -> user.seen().username()));
  }
}
