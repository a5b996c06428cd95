package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What was measured of one change, done once.
 *
 * @param toDone from the request until the API tells that it is done
 * @param absences of the clients that have a pod of their own
 * @param roamersAbsences of those that come by the Service
 * @param refusals reason codes of messages at QoS 1 and 2 that the broker answered with an error
 * @param newSessions clients that found their session gone
 */
record Outage(
    Effect effect,
    Duration toDone,
    List<Absence> absences,
    List<Absence> roamersAbsences,
    Map<MqttQos, Tally> tallies,
    List<String> refusals,
    int newSessions) {

  /** How many clients were away. */
  long clientsAway() {
    return timesAway(absences).size();
  }

  /** How often the client was away that was so most often. */
  long mostTimesAway() {
    return mostTimes(absences);
  }

  static long mostTimes(List<Absence> absences) {
    return timesAway(absences).values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private static Map<String, Long> timesAway(List<Absence> absences) {
    return absences.stream().collect(Collectors.groupingBy(Absence::client, Collectors.counting()));
  }

  Tally tally(MqttQos qos) {
    return Objects.requireNonNullElse(tallies.get(qos), Tally.NONE);
  }

  boolean meets(Expectation expectation) {
    var lost1 = tally(MqttQos.AT_LEAST_ONCE).lost();
    return switch (expectation) {
      case UNDISTURBED ->
          absences.isEmpty()
              && tallies.values().stream().allMatch(tally -> tally.lost() == 0)
              && refusals.isEmpty();
      case AWAY_ONCE -> mostTimesAway() <= 1 && lost1 == 0 && refusals.isEmpty();
    };
  }
}
