package io.mqttoperator.operator.access;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;

/** What the operator has seen of the newest revision on the broker's running pods. */
public sealed interface Enforcement {

  /** Every running pod, at least one, has been seen to enforce it. */
  record Proven() implements Enforcement {}

  /** No pod runs: the next one to start takes the newest revision. */
  record NoRunningPod() implements Enforcement {}

  /** Not every running pod has been seen to enforce it yet. */
  record Pending(Reason reason, String message) implements Enforcement {}

  /** The broker is paused: nothing is written and nothing is proven. */
  record Paused() implements Enforcement {}

  /** The verdict for {@code Enforced}, where it does not hold. */
  default Verdict unproven() {
    return switch (this) {
      case Proven proven -> throw new IllegalStateException("it is proven");
      case NoRunningPod none ->
          Verdict.unknown(
              Reason.NO_RUNNING_POD,
              "No pod of the broker runs; the next one to start takes this at once.");
      case Pending pending -> Verdict.unknown(pending.reason(), pending.message());
      case Paused paused ->
          Verdict.unknown(Reason.PAUSED, "The broker is paused: set spec.paused to false.");
    };
  }
}
