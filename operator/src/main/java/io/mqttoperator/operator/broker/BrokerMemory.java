package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AclDecision;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.mosquitto.AclEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of one broker between passes. All of it can be lost: a new operator
 * proves what there is before it says anything else.
 */
final class BrokerMemory {

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 5;

  final PasswordHashes hashes = new PasswordHashes();

  /** The broker's UID: one made again under its name is another, and nothing is proven of it. */
  final String uid;

  /** What was proven of a user. */
  private record ProvenUser(
      String inputs, boolean mayLogIn, Password password, List<AclEntry> entries) {}

  private final Map<String, ProvenUser> users = new HashMap<>();
  private final Map<String, List<String>> matchedByAcl = new HashMap<>();
  private String revision = "";
  private int attempt;
  private @Nullable Instant nextAttempt;

  BrokerMemory(String uid) {
    this.uid = uid;
  }

  /**
   * Whether labels or the own Secret of a user changed since they were proven.
   *
   * @param isNewRevision whether the files differ from those stored: all that is known of users
   *     that this operator has not proven yet
   */
  boolean inputsChanged(UserDecision user, boolean isNewRevision) {
    var proven = users.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.inputs().equals(user.seen().inputs());
  }

  /** Whether the broker's files say anything else of a user than what was proven. */
  boolean isUnproven(UserDecision user, AccessPlan plan, boolean isNewRevision) {
    var proven = users.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.equals(proof(user, plan));
  }

  /** Whether an ACL matches other users than when it was proven. */
  boolean isUnproven(AclDecision acl, boolean isNewRevision) {
    var proven = matchedByAcl.get(acl.acl().getMetadata().getUid());
    return proven == null ? isNewRevision : !proven.equals(acl.matched());
  }

  void proven(AccessPlan plan) {
    users.clear();
    matchedByAcl.clear();
    plan.users().forEach(user -> users.put(user.seen().uid(), proof(user, plan)));
    plan.acls().forEach(acl -> matchedByAcl.put(acl.acl().getMetadata().getUid(), acl.matched()));
    attempt = 0;
    nextAttempt = null;
  }

  /** A proof did not come: the pods are to be told again, after a pause. */
  void unproven(Instant now) {
    if (nextAttempt == null) {
      nextAttempt = now.plus(pause());
    }
  }

  private static ProvenUser proof(UserDecision user, AccessPlan plan) {
    return new ProvenUser(
        user.seen().inputs(),
        user.mayLogIn(),
        user.password(),
        plan.entries().getOrDefault(user.seen().uid(), List.of()));
  }

  /** How often the pods are to have been told of a revision by now. */
  int attempt(String newest, Instant now) {
    if (!revision.equals(newest)) {
      revision = newest;
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
