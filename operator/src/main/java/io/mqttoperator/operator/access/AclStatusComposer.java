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
            ? Verdict.yes(Reason.ENFORCED, held(decision))
            : Verdict.no(decision.accepted().reason(), "None of these rules is in the broker.");
    var verdicts =
        EnforcedVerdict.conditions(
            decision.accepted(), proven, enforcement, isStanding, conditionsBefore);
    return new MqttAclStatus(
        generation,
        Conditions.compose(conditionsBefore, verdicts, generation, clock),
        decision.matchedUsers());
  }

  /** A name that is misspelt looks like one that is yet to come: so it is said. */
  private static String held(AclDecision decision) {
    var toAnonymous =
        decision.acl().getSpec().subjects().stream()
            .anyMatch(subject -> Boolean.TRUE.equals(subject.anonymous()));
    return decision.matchedUsers() == 0 && !toAnonymous
        ? "Every running pod has been seen to hold these rules, which match no user now."
        : "Every running pod has been seen to hold these rules.";
  }
}
