package io.mqttoperator.operator.pki;

/** Why a certificate is issued. */
public enum IssueReason {
  /** There is none. */
  MISSING,
  /** What is stored is not a usable pair. */
  UNREADABLE,
  /**
   * Somebody asks for a new one now. Comes before all that follow, since a caller may have to
   * revoke.
   */
  GENERATION_RAISED,
  /** Another authority signs now, or its chain is another. */
  AUTHORITY_CHANGED,
  /** Or another key was asked for by who holds it. */
  KEY_ALGORITHM_CHANGED,
  NAMES_CHANGED,
  VALIDITY_CHANGED,
  /** It begins in the future: it was made by a clock that was ahead. */
  NOT_YET_VALID,
  EXPIRED,
  /** Its renewal is due. */
  DUE
}
