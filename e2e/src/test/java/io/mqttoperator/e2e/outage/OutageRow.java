package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that was measured of one change. */
record OutageRow(Change change, List<Outage> outages) {

  static final List<String> HEAD =
      List.of(
          "Change",
          "Times",
          "Pods",
          "Clients away",
          "Away: median",
          "longest",
          "By the Service: away",
          "longest",
          "Lost at QoS 0",
          "QoS 1",
          "QoS 2",
          "Again at QoS 1, 2",
          "Until done",
          "Also");

  /**
   * @param clients that have a pod of their own
   * @param roamers those that come by the Service
   */
  List<String> cells(int clients, int roamers) {
    var absences = all(Outage::absences);
    var roaming = all(Outage::roamersAbsences);
    return List.of(
        change.name(),
        Integer.toString(outages.size()),
        outages.stream().map(one -> one.effect().toString()).distinct().collect(ranged()),
        away(outages.stream().mapToLong(Outage::clientsAway).max().orElse(0), clients),
        seconds(percentile(absences, 50)),
        seconds(percentile(absences, 100)),
        roaming.isEmpty() ? "0" : "%d of %d".formatted(clients(roaming), roamers),
        seconds(percentile(roaming, 100)),
        lost(MqttQos.AT_MOST_ONCE),
        lost(MqttQos.AT_LEAST_ONCE),
        lost(MqttQos.EXACTLY_ONCE),
        "%d, %d"
            .formatted(
                tally(MqttQos.AT_LEAST_ONCE).repeated(), tally(MqttQos.EXACTLY_ONCE).repeated()),
        untilDone(),
        String.join("; ", notes()));
  }

  private static Collector<CharSequence, ?, String> ranged() {
    return Collectors.joining(" or ");
  }

  private List<Absence> all(Function<Outage, List<Absence>> which) {
    return outages.stream().map(which).flatMap(List::stream).toList();
  }

  private static long clients(List<Absence> absences) {
    return absences.stream().map(Absence::client).distinct().count();
  }

  private static String away(long clients, int all) {
    return clients == 0 ? "0" : "%d of %d".formatted(clients, all);
  }

  /** By the nearest-rank method: a value that was measured. */
  private static Duration percentile(List<Absence> absences, int percent) {
    var sorted = absences.stream().map(Absence::duration).sorted().toList();
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get(Math.max(1, (int) Math.ceil(percent / 100.0 * sorted.size())) - 1);
  }

  private static String seconds(Duration duration) {
    return duration.isZero() ? "" : "%.1f s".formatted(duration.toMillis() / 1000.0);
  }

  private Tally tally(MqttQos qos) {
    return outages.stream().map(one -> one.tally(qos)).reduce(Tally.NONE, Tally::plus);
  }

  private String lost(MqttQos qos) {
    var tally = tally(qos);
    return tally.lost() == 0 ? "0" : "%d of %d".formatted(tally.lost(), tally.published());
  }

  private String untilDone() {
    var sorted = outages.stream().map(Outage::toDone).sorted().toList();
    return sorted.isEmpty() ? "" : seconds(sorted.get((sorted.size() - 1) / 2));
  }

  /** What is not as hoped for, and how long the messages took that did arrive. */
  private List<String> notes() {
    var notes = new ArrayList<String>();
    var times = outages.stream().mapToLong(Outage::mostTimesAway).max().orElse(0);
    if (times > 1) {
      notes.add("a client was away %d times".formatted(times));
    }
    var roaming =
        outages.stream().mapToLong(one -> Outage.mostTimes(one.roamersAbsences())).max().orElse(0);
    if (roaming > 1) {
      notes.add("by the Service %d times".formatted(roaming));
    }
    var refusals = outages.stream().mapToInt(Outage::refusals).sum();
    if (refusals > 0) {
      notes.add(refusals + " messages refused");
    }
    var sessions = outages.stream().mapToInt(Outage::newSessions).sum();
    if (sessions > 0) {
      notes.add(sessions + " sessions lost");
    }
    var delay =
        Stream.of(MqttQos.AT_LEAST_ONCE, MqttQos.EXACTLY_ONCE)
            .map(qos -> tally(qos).longestDelay())
            .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
    notes.add("slowest message " + seconds(delay));
    return notes;
  }

  boolean isAsExpected() {
    return outages.stream().allMatch(one -> one.meets(change.expectation()));
  }
}
