package io.mqttoperator.operator.mqtt;

import java.time.Duration;

/**
 * Hears what the connections do, for metrics. Called on the connections' only thread: return
 * quickly and throw nothing.
 */
public interface ProofListener {

  /** Hears nothing. */
  ProofListener NONE = new ProofListener() {};

  /** One question to one pod ended so, after this time (the time to connect included). */
  default void answered(PodEndpoint pod, ProofResult result, Duration elapsed) {}

  /** A connection was made; {@code again} if this pod had one before. */
  default void connected(PodEndpoint pod, boolean again) {}

  /** A connection could not be made, or ended without our doing. */
  default void lost(PodEndpoint pod, String reason) {}
}
