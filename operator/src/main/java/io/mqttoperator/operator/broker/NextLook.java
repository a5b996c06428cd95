package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.status.BrokerFindings;
import io.mqttoperator.operator.broker.status.BrokerStatusComposer;
import io.mqttoperator.operator.kube.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** When to look at a broker again, should no event come before. */
final class NextLook {

  /** The longest time without a look: an event may have been lost. */
  static final Duration AT_LATEST = Duration.ofMinutes(10);

  /** A refusal may lie in something that tells us nothing when it is mended. */
  static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);

  private static final Duration WITH_BRIDGES = Duration.ofSeconds(10);

  private static final Duration UNTIL_PODS_TELL = Duration.ofSeconds(4);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /**
   * Such a refusal lies in a Secret that is neither ours nor labelled for us: it is not watched.
   */
  private static final Set<Reason> UNWATCHED =
      EnumSet.of(Reason.SECRET_NOT_FOUND, Reason.SECRET_NOT_LABELLED, Reason.NAME_TAKEN);

  private NextLook() {}

  /**
   * After a pass.
   *
   * @param renewAt when the first certificate is due
   * @param replicas bridges tell nobody when they lose their connection, nor sessions when they end
   * @param retry until the pods are told again of what is not proven, or asked whether the next may
   *     have its turn
   */
  static Duration after(
      BrokerFindings findings,
      AccessPlan plan,
      int replicas,
      Instant renewAt,
      Duration retry,
      Instant now) {
    if (findings.enforcement() instanceof Enforcement.Pending) {
      return retry;
    }
    if (BrokerStatusComposer.isTurning(findings)) {
      return retry;
    }
    if (findings.accepted().reason() == Reason.SESSIONS_REMAIN) {
      return UNTIL_PODS_TELL;
    }
    if (findings.accepted().isTrue() && findings.bridges().isFalse()) {
      return AT_ONCE;
    }
    var latest = latest(findings, plan, replicas);
    var renewal = Duration.between(now, renewAt);
    if (renewal.isNegative()) {
      return AT_ONCE;
    }
    return renewal.compareTo(latest) < 0 ? renewal : latest;
  }

  private static Duration latest(BrokerFindings findings, AccessPlan plan, int replicas) {
    if (!findings.accepted().isTrue() || plan.users().stream().anyMatch(NextLook::waits)) {
      return AFTER_REFUSAL;
    }
    var isStarting =
        findings.statefulSet().isPresent() && !BrokerStatusComposer.isRolledOut(findings);
    if (isStarting) {
      return PodStates.UNTIL_SCHEDULED;
    }
    return replicas > 1 ? WITH_BRIDGES : AT_LATEST;
  }

  private static boolean waits(UserDecision user) {
    return UNWATCHED.contains(user.accepted().reason());
  }
}
