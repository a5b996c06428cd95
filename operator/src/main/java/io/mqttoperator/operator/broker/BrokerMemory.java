package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AclDecision;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mosquitto.AclEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of one broker between passes. All of it can be lost: a new operator
 * proves what there is before it says anything else.
 */
final class BrokerMemory {

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_START = Duration.ofSeconds(15);
  private static final int MOST_DOUBLINGS = 5;

  final PasswordHashes hashes = new PasswordHashes();
  final ComparedSecrets secrets = new ComparedSecrets();

  /** The broker's UID: one made again under its name is another, and nothing is proven of it. */
  final String uid;

  /** What was proven of a user. */
  private record ProvenUser(
      String inputs, boolean mayLogIn, Password password, List<AclEntry> entries) {}

  private final Map<String, ProvenUser> users = new HashMap<>();
  private final Map<String, List<String>> matchedByAcl = new HashMap<>();
  private String told = "";
  private int attempt;
  private @Nullable Instant nextAttempt;
  private @Nullable Instant unreachableSince;
  private @Nullable Instant scaleDownSince;
  private Map<String, Instant> startingSince = new HashMap<>();

  BrokerMemory(String uid) {
    this.uid = uid;
  }

  /**
   * What of a plan is to be said anew; to be asked before the files are written.
   *
   * @param users whose labels or own Secret changed since they were proven
   * @param acls that match other users than when they were proven
   * @param unproven the UIDs of all of which the files say anything else than what was proven
   */
  record Changes(List<UserDecision> users, List<AclDecision> acls, Set<String> unproven) {}

  /**
   * Compares a plan with what was proven.
   *
   * @param isNewRevision whether the files differ from those stored: all that is known of what this
   *     operator has not proven yet
   */
  Changes changes(AccessPlan plan, boolean isNewRevision) {
    var acls = plan.acls().stream().filter(acl -> isUnproven(acl, isNewRevision)).toList();
    var unproven = new HashSet<String>();
    acls.forEach(acl -> unproven.add(acl.uid()));
    plan.users().stream()
        .filter(user -> isUnproven(user, plan, isNewRevision))
        .forEach(user -> unproven.add(user.seen().uid()));
    var users = plan.users().stream().filter(user -> inputsChanged(user, isNewRevision)).toList();
    return new Changes(users, acls, unproven);
  }

  private boolean inputsChanged(UserDecision user, boolean isNewRevision) {
    var proven = users.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.inputs().equals(user.seen().inputs());
  }

  private boolean isUnproven(UserDecision user, AccessPlan plan, boolean isNewRevision) {
    var proven = users.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.equals(proof(user, plan));
  }

  private boolean isUnproven(AclDecision acl, boolean isNewRevision) {
    var proven = matchedByAcl.get(acl.uid());
    return proven == null ? isNewRevision : !proven.equals(acl.matched());
  }

  void proven(AccessPlan plan) {
    unreachableSince = null;
    users.clear();
    matchedByAcl.clear();
    plan.users().forEach(user -> users.put(user.seen().uid(), proof(user, plan)));
    plan.acls().forEach(acl -> matchedByAcl.put(acl.uid(), acl.matched()));
  }

  /** All pods have taken what they were told of. */
  void taken() {
    attempt = 0;
    nextAttempt = null;
  }

  /** Some have not: they are to be told again, after a pause. */
  void untaken(Instant now) {
    if (nextAttempt == null) {
      nextAttempt = now.plus(pause());
    }
  }

  /** A proof did not come: the pods are to be told again, after a pause. */
  void unproven(Enforcement.Pending why, Instant now) {
    if (why.reason() != Reason.POD_UNREACHABLE) {
      unreachableSince = null;
    } else if (unreachableSince == null) {
      unreachableSince = now;
    }
    untaken(now);
  }

  /** For how long, pass after pass, pods were to be removed. */
  Duration scaleDownAsked(boolean isAsked, Instant now) {
    if (!isAsked) {
      scaleDownSince = null;
      return Duration.ZERO;
    }
    if (scaleDownSince == null) {
      scaleDownSince = now;
    }
    return Duration.between(scaleDownSince, now);
  }

  /**
   * The names of the pods that started to start within the last 15 seconds, pass after pass. That
   * is how long a kubelet may need to refresh the files of a pod that it was told of; a pod that
   * takes longer is not waited for.
   */
  Set<String> starting(List<Pod> pods, Instant now) {
    var found = new HashMap<String, Instant>();
    var names = new HashSet<String>();
    for (var pod : pods) {
      if (PodStates.isStarting(pod)) {
        var container = PodStates.containerOf(pod);
        var since = startingSince.getOrDefault(container, now);
        found.put(container, since);
        if (since.plus(LONGEST_START).isAfter(now)) {
          names.add(pod.getMetadata().getName());
        }
      }
    }
    startingSince = found;
    return names;
  }

  /** Since when, pass after pass, some pod could not be asked while none let anybody in. */
  Optional<Instant> unreachableSince() {
    return Optional.ofNullable(unreachableSince);
  }

  private static ProvenUser proof(UserDecision user, AccessPlan plan) {
    return new ProvenUser(
        user.seen().inputs(),
        user.mayLogIn(),
        user.password(),
        plan.entries().getOrDefault(user.seen().uid(), List.of()));
  }

  /**
   * How often the pods are to have been told by now.
   *
   * @param newest what they are to take
   */
  int attempt(String newest, Instant now) {
    if (!told.equals(newest)) {
      told = newest;
      attempt = 0;
      nextAttempt = null;
    } else if (nextAttempt != null && !now.isBefore(nextAttempt)) {
      attempt++;
      nextAttempt = now.plus(pause());
    }
    return attempt;
  }

  /** Until the pods are told again; it doubles from attempt to attempt. */
  Duration pause() {
    return FIRST_RETRY.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS));
  }
}
