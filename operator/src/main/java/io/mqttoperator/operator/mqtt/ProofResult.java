package io.mqttoperator.operator.mqtt;

/** What a broker pod said when it was asked whether it enforces a revision. */
public sealed interface ProofResult {

  /** The pod enforces the revision: it accepted a publication that only this revision allows. */
  record Enforced() implements ProofResult {}

  /** The pod enforces another revision: it answered 0x87, not authorized. */
  record NotYet() implements ProofResult {}

  /**
   * The pod gave no answer that says anything about the revision.
   *
   * @param reason a short phrase, without secrets and control characters
   */
  record Unreachable(String reason) implements ProofResult {}
}
