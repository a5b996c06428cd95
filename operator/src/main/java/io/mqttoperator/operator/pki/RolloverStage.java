package io.mqttoperator.operator.pki;

/** How far the change from one authority to the next has come. */
public enum RolloverStage {
  /** One authority is trusted, and issues. */
  CURRENT,
  /** The next one is being handed out to those who are to trust it; nothing is issued by it. */
  TRUST,
  /** It issues; what the former has issued is being replaced. */
  ISSUE,
  /** All is replaced; the former is trusted for those who have not fetched theirs. */
  OBSERVE
}
