package io.mqttoperator.e2e.outage;

import java.time.Duration;

/**
 * What became of messages.
 *
 * @param lost those that never arrived
 * @param repeated arrivals beyond the first of a message
 * @param longestDelay from publishing to the first arrival, of those that arrived
 */
record Tally(int published, int lost, int repeated, Duration longestDelay) {

  static final Tally NONE = new Tally(0, 0, 0, Duration.ZERO);

  Tally plus(Tally other) {
    return new Tally(
        published + other.published,
        lost + other.lost,
        repeated + other.repeated,
        longestDelay.compareTo(other.longestDelay) > 0 ? longestDelay : other.longestDelay);
  }
}
