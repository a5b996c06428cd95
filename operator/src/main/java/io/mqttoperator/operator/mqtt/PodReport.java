package io.mqttoperator.operator.mqtt;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one pod over its connection.
 *
 * @param figures what its Mosquitto tells of itself
 * @param enforcement how it came to its revision; empty before it was first seen to enforce one
 */
public record PodReport(Map<BrokerFigure, Long> figures, Optional<Enforcement> enforcement) {

  /**
   * How a pod came to enforce the revision that it was last seen to enforce.
   *
   * @param since when it was first seen to
   * @param longestAnswer the longest that its Mosquitto let one question wait until then. It is
   *     asked every 10 to 50 ms and answers nobody while it reads its files, so this is how long
   *     that took, and up to a pause less
   */
  public record Enforcement(Instant since, Duration longestAnswer) {}
}
