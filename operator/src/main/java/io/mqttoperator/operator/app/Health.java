package io.mqttoperator.operator.app;

/** What the probes ask. */
interface Health {

  /** Whether the process works: a restart would mend it if not. */
  boolean isAlive();

  /** Whether it sees the cluster, and so can do its work once it leads. */
  boolean isReady();
}
