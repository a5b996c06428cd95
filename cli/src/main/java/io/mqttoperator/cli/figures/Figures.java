package io.mqttoperator.cli.figures;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the operator told of brokers and their pods at one moment. */
public final class Figures {

  private static final String PREFIX = "mqtt_broker_";

  private final SortedMap<BrokerName, List<Sample>> samples;

  private Figures(SortedMap<BrokerName, List<Sample>> samples) {
    this.samples = samples;
  }

  /** Of Prometheus' text format; what is no figure of a broker is passed over. */
  public static Figures parse(String text) {
    return new Figures(
        text.lines()
            .filter(line -> line.startsWith(PREFIX))
            .flatMap(line -> Sample.parse(line).stream())
            .collect(Collectors.groupingBy(Figures::broker, TreeMap::new, Collectors.toList())));
  }

  private static BrokerName broker(Sample sample) {
    return new BrokerName(
        sample.labels().getOrDefault("namespace", ""), sample.labels().getOrDefault("broker", ""));
  }

  /** Whether it tells of no broker: there is none, or who told does not lead. */
  public boolean isEmpty() {
    return samples.isEmpty();
  }

  /** All brokers of which there are figures, in the order of their names. */
  public Set<BrokerName> brokers() {
    return samples.keySet();
  }

  /** Those of a broker's pods of which there are figures, in the order of their names. */
  public Set<String> pods(BrokerName broker) {
    var pods = new TreeSet<String>();
    of(broker).flatMap(sample -> Stream.ofNullable(sample.labels().get("pod"))).forEach(pods::add);
    return pods;
  }

  /**
   * A broker's figure.
   *
   * @param metric without {@code mqtt_broker_}
   * @param labels that it must have, beside the broker's
   */
  public OptionalDouble value(BrokerName broker, String metric, Map<String, String> labels) {
    return of(broker)
        .filter(sample -> sample.metric().equals(PREFIX + metric))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(Sample::value)
        .findFirst();
  }

  /** A figure of a broker's pod. */
  public OptionalDouble ofPod(BrokerName broker, String pod, String metric) {
    return value(broker, metric, Map.of("pod", pod));
  }

  /** How many connections each listener takes, on each pod. */
  public Map<String, Integer> limits(BrokerName broker) {
    var limits = new TreeMap<String, Integer>();
    of(broker)
        .filter(sample -> sample.metric().equals(PREFIX + "listener_max_connections"))
        .forEach(
            sample ->
                limits.put(sample.labels().getOrDefault("listener", ""), (int) sample.value()));
    return limits;
  }

  private Stream<Sample> of(BrokerName broker) {
    return samples.getOrDefault(broker, List.of()).stream();
  }
}
