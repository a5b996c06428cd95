package io.mqttoperator.operator.pki;

import java.time.Instant;

/** What to do about a certificate now. */
public sealed interface RenewalDecision {
  /**
   * It stays.
   *
   * @param renewAt when to ask again, if nothing changes before: in the future
   */
  record Keep(Instant renewAt) implements RenewalDecision {}

  /** A new one is to be issued. */
  record Issue(IssueReason reason) implements RenewalDecision {}
}
