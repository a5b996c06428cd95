package io.mqttoperator.operator.broker;

import java.time.Duration;

/** Hears what passes have done, for metrics. Called on their threads: throw nothing. */
public interface PassListener {

  /** Hears nothing. */
  PassListener NONE = new PassListener() {};

  /** All that was asked of a broker is enforced on every running pod, so long after it was seen. */
  default void enforced(Duration sinceAsked) {}

  /** A user or an ACL was let go although a pod could not be asked. */
  default void releasedUnproven() {}
}
