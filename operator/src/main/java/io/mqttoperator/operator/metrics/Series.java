package io.mqttoperator.operator.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of one scrape, by metric and labels. */
final class Series {

  private final Map<BrokerMetric, Map<Labels, Double>> values = new EnumMap<>(BrokerMetric.class);

  /**
   * Adds a value, to what is there for these labels.
   *
   * @param labels one for each that the metric names, in its order
   */
  void add(BrokerMetric metric, double value, String... labels) {
    values
        .computeIfAbsent(metric, any -> new LinkedHashMap<>())
        .merge(Labels.of(metric.labels().toArray(String[]::new), labels), value, Double::sum);
  }

  MetricSnapshots snapshots() {
    var snapshots = MetricSnapshots.builder();
    values.forEach((metric, points) -> snapshots.metricSnapshot(snapshot(metric, points)));
    return snapshots.build();
  }

  private static MetricSnapshot snapshot(BrokerMetric metric, Map<Labels, Double> points) {
    if (metric.isCounter()) {
      var counter = CounterSnapshot.builder().name(metric.metricName()).help(metric.help());
      points.forEach(
          (labels, value) ->
              counter.dataPoint(
                  CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
      return counter.build();
    }
    var gauge = GaugeSnapshot.builder().name(metric.metricName()).help(metric.help());
    points.forEach(
        (labels, value) ->
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return gauge.build();
  }
}
