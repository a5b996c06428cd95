package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.figures.BrokerName;
import io.mqttoperator.cli.figures.Figures;
import io.mqttoperator.cli.figures.PodRates;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;

/**
 * What brokers do at one moment.
 *
 * @param shown the brokers to show
 */
record TopScreen(Figures figures, PodRates rates, Predicate<BrokerName> shown, Instant now) {

  private static final String RECEIVED = "messages_received_total";
  private static final String SENT = "messages_sent_total";
  private static final String DROPPED = "messages_dropped_total";

  /** What is shown as a rate. */
  static final List<String> COUNTERS = List.of(RECEIVED, SENT, DROPPED);

  private static final String UNKNOWN = "-";

  /** For people. */
  String text() {
    var table =
        new Table(
            "NAMESPACE",
            "BROKER",
            "READY",
            "ENFORCING",
            "POD",
            "CLIENTS",
            "CONNECTIONS",
            "SESSIONS",
            "IN/S",
            "OUT/S",
            "DROPPED/S",
            "STORED",
            "MEMORY",
            "UP");
    var names = names();
    names.forEach(broker -> rows(table, broker));
    var title =
        names.isEmpty()
            ? "There are no figures of a broker here: is there one, and does its operator lead?"
            : "Figures of brokers, renewed every 10 s";
    return "%s   %s%n%n%s"
        .formatted(now.truncatedTo(ChronoUnit.SECONDS), title, names.isEmpty() ? "" : table);
  }

  private List<BrokerName> names() {
    return figures.brokers().stream().filter(shown).toList();
  }

  private void rows(Table table, BrokerName broker) {
    var pods = figures.pods(broker);
    if (pods.isEmpty()) {
      table.row(
          broker.namespace(),
          broker.name(),
          ready(broker) ? "yes" : "no",
          enforcing(broker),
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN);
    }
    for (var pod : pods) {
      table.row(
          broker.namespace(),
          broker.name(),
          ready(broker) ? "yes" : "no",
          enforcing(broker),
          pod,
          number(figures.ofPod(broker, pod, "clients_connected")),
          connections(figures, broker, pod),
          number(figures.ofPod(broker, pod, "sessions")),
          rate(broker, pod, RECEIVED),
          rate(broker, pod, SENT),
          rate(broker, pod, DROPPED),
          text(figures.ofPod(broker, pod, "messages_stored_bytes"), TopScreen::bytes),
          text(figures.ofPod(broker, pod, "heap_bytes"), TopScreen::bytes),
          text(figures.ofPod(broker, pod, "uptime_seconds"), TopScreen::duration));
    }
  }

  private boolean ready(BrokerName broker) {
    return figures
            .value(broker, "condition", Map.of("condition", "Ready", "status", "true"))
            .orElse(0)
        == 1;
  }

  private String enforcing(BrokerName broker) {
    return number(figures.value(broker, "pods_enforcing", Map.of()))
        + "/"
        + number(figures.value(broker, "replicas_wanted", Map.of()));
  }

  /** Those of a pod, of those that its listeners take together. */
  static String connections(Figures figures, BrokerName broker, String pod) {
    var open = number(figures.ofPod(broker, pod, "sockets"));
    var limits = figures.limits(broker).values();
    return limits.isEmpty() ? open : open + "/" + limits.stream().mapToInt(Integer::intValue).sum();
  }

  private String rate(BrokerName broker, String pod, String counter) {
    return text(
        rates.perSecond(broker, pod, counter),
        value -> String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value));
  }

  static String number(OptionalDouble value) {
    return text(value, figure -> Long.toString((long) figure));
  }

  private static String text(OptionalDouble value, DoubleFunction<String> form) {
    return value.isPresent() ? form.apply(value.getAsDouble()) : UNKNOWN;
  }

  private static String bytes(double value) {
    var mebi = value / (1 << 20);
    return mebi < 1
        ? String.format(Locale.ROOT, "%.0fKi", value / (1 << 10))
        : String.format(Locale.ROOT, mebi < 10 ? "%.1fMi" : "%.0fMi", mebi);
  }

  private static String duration(double seconds) {
    var whole = (long) seconds;
    if (whole < 120) {
      return whole + "s";
    }
    if (whole < 2 * 3600) {
      return whole / 60 + "m";
    }
    return whole < 2 * 86_400 ? whole / 3600 + "h" : whole / 86_400 + "d";
  }

  /** For programs: on one line. What is not known is left out. */
  ObjectNode json() {
    var screen = AnswerJson.object();
    screen.put("time", now.toString());
    var brokers = screen.putArray("brokers");
    names().forEach(broker -> add(brokers, broker));
    return screen;
  }

  private void add(ArrayNode brokers, BrokerName broker) {
    var each = brokers.addObject();
    each.put("namespace", broker.namespace()).put("broker", broker.name());
    each.put("ready", ready(broker));
    put(each, "podsEnforcing", figures.value(broker, "pods_enforcing", Map.of()));
    put(each, "replicasWanted", figures.value(broker, "replicas_wanted", Map.of()));
    var limits = each.putObject("maxConnections");
    figures.limits(broker).forEach(limits::put);
    var pods = each.putArray("pods");
    for (var name : figures.pods(broker)) {
      var pod = pods.addObject().put("name", name);
      put(pod, "clients", figures.ofPod(broker, name, "clients_connected"));
      put(pod, "connections", figures.ofPod(broker, name, "sockets"));
      put(pod, "sessions", figures.ofPod(broker, name, "sessions"));
      put(pod, "messagesReceivedPerSecond", rates.perSecond(broker, name, RECEIVED));
      put(pod, "messagesSentPerSecond", rates.perSecond(broker, name, SENT));
      put(pod, "messagesDroppedPerSecond", rates.perSecond(broker, name, DROPPED));
      put(pod, "storedBytes", figures.ofPod(broker, name, "messages_stored_bytes"));
      put(pod, "heapBytes", figures.ofPod(broker, name, "heap_bytes"));
      put(pod, "uptimeSeconds", figures.ofPod(broker, name, "uptime_seconds"));
    }
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    }
  }
}
