package io.mqttoperator.operator.pki;

import java.time.Instant;

/** What to do about a broker's own authorities now. */
public sealed interface RolloverDecision {

  /**
   * They stay.
   *
   * @param lookAt when to ask again, if nothing changes before
   */
  record Keep(Instant lookAt) implements RolloverDecision {}

  /** Something is to be done. */
  sealed interface Step extends RolloverDecision {}

  /**
   * The next one is made, in place of one that has issued nothing yet.
   *
   * @param asked for this generation
   */
  record Trust(int asked, Cause cause) implements Step {}

  /** The next one is not wanted any more. */
  record Withdraw() implements Step {}

  /** The next one issues from now on. */
  record Issue() implements Step {}

  /** A former one issues again. */
  record Return(AuthorityGeneration former) implements Step {}

  /** Nothing that the formers have issued is needed any more. */
  record Observe() implements Step {}

  /** A former one is trusted no longer. */
  record Distrust(FormerAuthority former) implements Step {}

  /** The one that issues has ended, and there is no next one: another issues at once. */
  record Replace() implements Step {}

  /** Why there is to be another. */
  enum Cause {
    GENERATION_RAISED,
    DUE
  }
}
