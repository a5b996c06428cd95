package io.mqttoperator.operator.access;

import io.fabric8.kubernetes.api.model.Condition;
import io.mqttoperator.operator.access.Enforcement.Paused;
import io.mqttoperator.operator.access.Enforcement.Proven;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The three conditions that users and ACLs share: Accepted, Enforced, Ready. */
final class EnforcedVerdict {

  private EnforcedVerdict() {}

  /**
   * Decides them.
   *
   * @param proven what Enforced says once it is proven
   * @param isStanding nothing changed since it was proven last: a pod that restarts, or cannot be
   *     reached for a while, rewrites no status
   */
  static SequencedMap<String, Verdict> conditions(
      Verdict accepted,
      Verdict proven,
      Enforcement enforcement,
      boolean isStanding,
      @Nullable List<Condition> before) {
    var enforced = enforced(accepted, proven, enforcement, isStanding, before);
    var verdicts = new LinkedHashMap<String, Verdict>();
    verdicts.put(Conditions.ACCEPTED, accepted);
    verdicts.put(Conditions.ENFORCED, enforced);
    verdicts.put(Conditions.READY, ready(accepted, enforced, enforcement));
    return verdicts;
  }

  private static Verdict enforced(
      Verdict accepted,
      Verdict proven,
      Enforcement enforcement,
      boolean isStanding,
      @Nullable List<Condition> before) {
    if (enforcement instanceof Proven
        || (enforcement instanceof Enforcement.NoRunningPod && proven.isFalse())) {
      return proven;
    }
    return isStanding && accepted.isTrue() && Conditions.isTrue(before, Conditions.ENFORCED)
        ? proven
        : enforcement.unproven();
  }

  private static Verdict ready(Verdict accepted, Verdict enforced, Enforcement enforcement) {
    if (!accepted.isTrue()) {
      return Verdict.no(accepted.reason(), accepted.message());
    }
    if (enforcement instanceof Paused) {
      var paused = enforcement.unproven();
      return Verdict.no(Reason.PAUSED, paused.message());
    }
    return enforced;
  }

  static boolean isObserved(@Nullable Long observed, @Nullable Long generation) {
    return Objects.equals(observed, generation);
  }
}
