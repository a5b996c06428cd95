package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttAclStatus;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;

/** An ACL's status, from what was decided and what was seen. Pure. */
public final class AclStatusComposer {

  private AclStatusComposer() {}

  /**
   * Composes it.
   *
   * @param isUnproven whether what the ACL grants to whom differs from what was proven last
   */
  public static MqttAclStatus compose(
      AclDecision decision, Enforcement enforcement, boolean isUnproven, Clock clock) {
    var acl = decision.acl();
    var before = acl.getStatus();
    var generation = acl.getMetadata().getGeneration();
    var conditionsBefore = before == null ? null : before.conditions();
    var isStanding =
        !isUnproven
            && before != null
            && EnforcedVerdict.isObserved(before.observedGeneration(), generation);
    var proven =
        decision.accepted().isTrue()
            ? Verdict.yes(Reason.ENFORCED, "Every running pod has been seen to hold these rules.")
            : Verdict.no(decision.accepted().reason(), "None of these rules is in the broker.");
    var verdicts =
        EnforcedVerdict.conditions(
            decision.accepted(), proven, enforcement, isStanding, conditionsBefore);
    return new MqttAclStatus(
        generation,
        Conditions.compose(conditionsBefore, verdicts, generation, clock),
        decision.matchedUsers());
  }
}
