package io.mqttoperator.cli.figures;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast the counters of pods grow, from one reading to the next. The time between them is that
 * of Mosquitto's own uptime: it renews its figures every ten seconds, whenever they are read.
 */
public final class PodRates {

  private static final String UPTIME = "uptime_seconds";

  private final List<String> counters;
  private final Map<Pod, Reading> readings = new HashMap<>();

  /**
   * @param counters the metrics, without {@code mqtt_broker_}
   */
  public PodRates(List<String> counters) {
    this.counters = List.copyOf(counters);
  }

  /** Takes the newest figures. */
  public void add(Figures figures) {
    for (var broker : figures.brokers()) {
      for (var name : figures.pods(broker)) {
        var uptime = figures.ofPod(broker, name, UPTIME);
        if (uptime.isPresent()) {
          var values = new HashMap<String, Double>();
          for (var counter : counters) {
            figures.ofPod(broker, name, counter).ifPresent(value -> values.put(counter, value));
          }
          readings.merge(
              new Pod(broker, name),
              new Reading(uptime.getAsDouble(), values, Map.of()),
              Reading::followedBy);
        }
      }
    }
  }

  /** A counter's growth in a second; empty until two readings differ, and after a restart. */
  public OptionalDouble perSecond(BrokerName broker, String pod, String counter) {
    var reading = readings.get(new Pod(broker, pod));
    var rate = reading == null ? null : reading.rates().get(counter);
    return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
  }

  private record Pod(BrokerName broker, String name) {}

  private record Reading(double uptime, Map<String, Double> values, Map<String, Double> rates) {

    Reading followedBy(Reading next) {
      var passed = next.uptime - uptime;
      if (passed == 0) {
        return this;
      }
      var grown = new HashMap<String, Double>();
      if (passed > 0) {
        next.values.forEach(
            (counter, value) -> {
              var before = values.get(counter);
              if (before != null && value >= before) {
                grown.put(counter, (value - before) / passed);
              }
            });
      }
      return new Reading(next.uptime, next.values, grown);
    }
  }
}
