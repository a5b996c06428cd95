package io.mqttoperator.operator.broker.status;

import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.memo.Memo;
import java.util.Set;

/**
 * Of one broker's users and ACLs, those whose status was found to say what it is to say: nothing is
 * composed and compared again until the decision, or what was seen of the pods, is another.
 */
public final class SaidStatuses {

  private final Memo<Boolean> users = Memo.ofInputs();
  private final Memo<Boolean> acls = Memo.ofInputs();
  private Enforcement seen = new Enforcement.NoRunningPod();

  /** Begins a look at all of them. */
  public Look look(Enforcement enforcement, Set<String> unproven) {
    // The same object as long as it is equal.
    seen = seen.equals(enforcement) ? seen : enforcement;
    return new Look(users.round(), acls.round(), seen, unproven);
  }

  /** One look at all users and ACLs. */
  record Look(
      Memo<Boolean>.Round users,
      Memo<Boolean>.Round acls,
      Enforcement enforcement,
      Set<String> unproven) {

    boolean isUnproven(String uid) {
      return unproven.contains(uid);
    }

    /** Whether the status of a user or an ACL is known to say it. */
    boolean isSaid(Memo<Boolean>.Round round, String uid, Object decision) {
      return round.find(uid, decision, enforcement, isUnproven(uid)).isPresent();
    }

    /** Nothing had to be written. */
    void said(Memo<Boolean>.Round round, String uid, Object decision) {
      round.put(uid, true, decision, enforcement, isUnproven(uid));
    }

    /** Forgets all others. */
    void end() {
      users.end();
      acls.end();
    }
  }
}
