package io.mqttoperator.operator.broker.status;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AclDecision;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.mosquitto.AclEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of one broker's users and ACLs was proven last, to tell what is another now. */
public final class ProvenAccess {

  /** What was proven of a user. */
  private record ProvenUser(UserDecision user, List<AclEntry> entries) {

    @SuppressWarnings("ReferenceEquality") // most are the same object, and need no look inside
    boolean hasSameInputs(UserDecision now) {
      return user == now || user.seen().inputs().equals(now.seen().inputs());
    }

    @SuppressWarnings("ReferenceEquality")
    boolean isSame(UserDecision now, List<AclEntry> entriesNow) {
      return (user == now
              || (user.mayLogIn() == now.mayLogIn()
                  && user.password().equals(now.password())
                  && user.key().equals(now.key())
                  && hasSameInputs(now)))
          && entries.equals(entriesNow);
    }
  }

  private Map<String, ProvenUser> users = Map.of();
  private Map<String, List<String>> matchedByAcl = Map.of();

  /**
   * What of a plan is to be said anew; to be asked before the files are written.
   *
   * @param users whose labels or own Secret changed since they were proven
   * @param acls that match other users than when they were proven
   * @param unproven the UIDs of all of which the files say anything else than what was proven
   */
  public record Changes(List<UserDecision> users, List<AclDecision> acls, Set<String> unproven) {}

  /**
   * Compares a plan with what was proven.
   *
   * @param isNewRevision whether the files differ from those stored: all that is known of what this
   *     operator has not proven yet
   */
  public Changes changes(AccessPlan plan, boolean isNewRevision) {
    var acls = plan.acls().stream().filter(acl -> isUnproven(acl, isNewRevision)).toList();
    var unproven = new HashSet<String>();
    acls.forEach(acl -> unproven.add(acl.uid()));
    plan.users().stream()
        .filter(user -> isUnproven(user, plan, isNewRevision))
        .forEach(user -> unproven.add(user.seen().uid()));
    var changed = plan.users().stream().filter(user -> inputsChanged(user, isNewRevision)).toList();
    return new Changes(changed, acls, unproven);
  }

  /** Every running pod has been seen to enforce it. */
  public void set(AccessPlan plan) {
    var provenUsers = HashMap.<String, ProvenUser>newHashMap(plan.users().size());
    plan.users()
        .forEach(
            user -> provenUsers.put(user.seen().uid(), new ProvenUser(user, entries(user, plan))));
    users = provenUsers;
    var matched = HashMap.<String, List<String>>newHashMap(plan.acls().size());
    plan.acls().forEach(acl -> matched.put(acl.uid(), acl.matched()));
    matchedByAcl = matched;
  }

  private boolean inputsChanged(UserDecision user, boolean isNewRevision) {
    var proven = users.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.hasSameInputs(user);
  }

  private boolean isUnproven(UserDecision user, AccessPlan plan, boolean isNewRevision) {
    var proven = users.get(user.seen().uid());
    return proven == null ? isNewRevision : !proven.isSame(user, entries(user, plan));
  }

  private boolean isUnproven(AclDecision acl, boolean isNewRevision) {
    var proven = matchedByAcl.get(acl.uid());
    return proven == null ? isNewRevision : !proven.equals(acl.matched());
  }

  private static List<AclEntry> entries(UserDecision user, AccessPlan plan) {
    return plan.entries().getOrDefault(user.seen().uid(), List.of());
  }
}
