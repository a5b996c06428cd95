package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
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
          "Median, longest",
          "By the Service",
          "Lost at QoS 0, 1, 2",
          "Again at QoS 1, 2",
          "Slowest message",
          "Until done",
          "Notes");

  private static final String NOTHING = "";

  /**
   * As the head says.
   *
   * @param clients that have a pod of their own
   * @param roamers those that come by the Service
   */
  List<String> cells(int clients, int roamers) {
    return List.of(
        change.name(),
        Integer.toString(outages.size()),
        outages.stream()
            .map(one -> one.effect().toString())
            .distinct()
            .collect(Collectors.joining(" or ")),
        away(all(Outage::absences), clients),
        durations(all(Outage::absences)),
        byService(roamers),
        lost(),
        again(),
        seconds(slowest()),
        untilDone(),
        String.join("; ", notes()));
  }

  private List<Absence> all(Function<Outage, List<Absence>> which) {
    return outages.stream().map(which).flatMap(List::stream).toList();
  }

  private static String away(List<Absence> absences, int all) {
    var clients = absences.stream().map(Absence::client).distinct().count();
    return clients == 0 ? "0" : "%d of %d".formatted(clients, all);
  }

  private static String durations(List<Absence> absences) {
    return absences.isEmpty()
        ? NOTHING
        : seconds(percentile(absences, 50)) + ", " + seconds(percentile(absences, 100));
  }

  private String byService(int roamers) {
    var absences = all(Outage::roamersAbsences);
    return absences.isEmpty()
        ? away(absences, roamers)
        : away(absences, roamers) + ": " + durations(absences);
  }

  /** By the nearest-rank method: a value that was measured. */
  private static Duration percentile(List<Absence> absences, int percent) {
    var sorted = absences.stream().map(Absence::duration).sorted().toList();
    return sorted.get(Math.max(1, (int) Math.ceil(percent / 100.0 * sorted.size())) - 1);
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }

  private Tally tally(MqttQos qos) {
    return outages.stream().map(one -> one.tally(qos)).reduce(Tally.NONE, Tally::plus);
  }

  private String lost() {
    return Stream.of(MqttQos.values())
        .map(this::tally)
        .map(
            tally ->
                tally.lost() == 0 ? "0" : "%d of %d".formatted(tally.lost(), tally.published()))
        .collect(Collectors.joining(", "));
  }

  private String again() {
    var once = tally(MqttQos.AT_LEAST_ONCE).repeated();
    var exactly = tally(MqttQos.EXACTLY_ONCE).repeated();
    return once + exactly == 0 ? "0" : once + ", " + exactly;
  }

  /** At QoS 1 and 2, of those that arrived. */
  private Duration slowest() {
    var once = tally(MqttQos.AT_LEAST_ONCE).longestDelay();
    var exactly = tally(MqttQos.EXACTLY_ONCE).longestDelay();
    return once.compareTo(exactly) > 0 ? once : exactly;
  }

  /** The median. */
  private String untilDone() {
    var sorted = outages.stream().map(Outage::toDone).sorted().toList();
    return seconds(sorted.get((sorted.size() - 1) / 2));
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    var times = most(Outage::mostTimesAway);
    if (times > 1) {
      notes.add("a client was away %d times".formatted(times));
    }
    var byService = most(one -> Outage.mostTimes(one.roamersAbsences()));
    if (byService > 1) {
      notes.add("by the Service up to %d times".formatted(byService));
    }
    outages.stream()
        .flatMap(one -> one.refusals().stream())
        .collect(Collectors.groupingBy(reason -> reason, Collectors.counting()))
        .forEach((reason, count) -> notes.add("%d messages refused: %s".formatted(count, reason)));
    var sessions = outages.stream().mapToInt(Outage::newSessions).sum();
    if (sessions > 0) {
      notes.add(sessions + " sessions lost");
    }
    return notes;
  }

  private long most(ToLongFunction<Outage> count) {
    return outages.stream().mapToLong(count).max().orElse(0);
  }

  boolean isAsExpected() {
    return outages.stream().allMatch(one -> one.meets(change.expectation()));
  }
}
