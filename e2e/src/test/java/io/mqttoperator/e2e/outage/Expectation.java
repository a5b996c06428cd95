package io.mqttoperator.e2e.outage;

/** What clients should feel of a change. */
enum Expectation {
  /** No client is disconnected, and nothing is lost. */
  UNDISTURBED,
  /** A client is disconnected at most once, and nothing is lost at QoS 1. */
  AWAY_ONCE
}
