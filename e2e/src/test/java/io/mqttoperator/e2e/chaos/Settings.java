package io.mqttoperator.e2e.chaos;

import java.time.Duration;

/**
 * What a run does.
 *
 * @param length of the time in which faults happen; what comes after is settling and judging
 * @param seed of all that is chosen at random, but not of how threads meet
 * @param replicas pods of the broker, 2 to 9
 * @param autosave how often the brokers save: what is younger may be lost when one is killed
 * @param perSecond messages of each writer
 * @param withApiServer whether the API server of the local cluster is paused and killed, too
 */
record Settings(
    Duration length,
    long seed,
    int replicas,
    Duration autosave,
    int perSecond,
    boolean withApiServer) {

  static Settings of(Duration length, long seed) {
    return new Settings(length, seed, 3, Duration.ofSeconds(1), 10, false);
  }
}
