package io.mqttoperator.cli;

import static io.mqttoperator.cli.BrokerView.orEmpty;

import io.fabric8.kubernetes.api.model.Condition;
import io.mqttoperator.api.MqttBrokerStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A broker's view for people. */
record BrokerText(BrokerView view, Instant now) {

  private static final int SHORT_REVISION = 12;

  /** All of it. */
  String text() {
    var text = new StringBuilder();
    var metadata = view.broker().getMetadata();
    text.append("MqttBroker %s/%s%n".formatted(metadata.getNamespace(), metadata.getName()));
    if (view.status().isEmpty()) {
      return text.append("The operator has not said anything about it yet. Does it run?\n")
          .toString();
    }
    var status = view.status().get();
    var access = Optional.ofNullable(status.access());
    access.ifPresent(
        known ->
            text.append(
                "Revision %s: %s, %s%n"
                    .formatted(
                        shorten(known.revision()),
                        count(known.users(), "user"),
                        count(known.rules(), "rule"))));
    section(text, "Conditions", conditions(status));
    section(text, "Pods", podTable(status));
    bridges(status).ifPresent(said -> text.append("Bridges: ").append(said).append('\n'));
    section(text, "Listeners", listeners(status));
    section(text, "Certificates", certificates(status));
    orEmpty(status.warnings()).forEach(warning -> text.append("\nwarning: ").append(warning));
    if (!orEmpty(status.warnings()).isEmpty()) {
      text.append('\n');
    }
    section(text, "Last events", eventTable());
    view.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }

  private static void section(StringBuilder text, String title, Table table) {
    text.append("\n").append(title).append('\n').append(table);
  }

  private static Table conditions(MqttBrokerStatus status) {
    var table = new Table("TYPE", "STATUS", "REASON", "MESSAGE");
    for (Condition condition : orEmpty(status.conditions())) {
      table.row(
          text(condition.getType()),
          text(condition.getStatus()),
          text(condition.getReason()),
          text(condition.getMessage()));
    }
    return table;
  }

  private Table podTable(MqttBrokerStatus status) {
    var table =
        new Table(
            "NAME",
            "PHASE",
            "CONTAINERS READY",
            "RESTARTS",
            "PROVEN REVISION",
            "CLIENTS",
            "CONNECTIONS");
    for (var pod : view.pods()) {
      var containers = orEmpty(pod.getStatus().getContainerStatuses());
      table.row(
          pod.getMetadata().getName(),
          text(pod.getStatus().getPhase()),
          "%d/%d"
              .formatted(
                  containers.stream().filter(each -> Boolean.TRUE.equals(each.getReady())).count(),
                  pod.getSpec().getContainers().size()),
          Integer.toString(containers.stream().mapToInt(each -> each.getRestartCount()).sum()),
          proven(status, pod.getMetadata().getName()),
          TopScreen.number(view.figure(pod, "clients_connected")),
          TopScreen.connections(view.figures(), view.name(), pod.getMetadata().getName()));
    }
    return table;
  }

  /** What is known of them; empty for a broker of one pod, which has none. */
  private Optional<String> bridges(MqttBrokerStatus status) {
    if (view.pods().size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        orEmpty(status.conditions()).stream()
            .filter(condition -> "BridgeDisconnected".equals(condition.getReason()))
            .map(condition -> text(condition.getMessage()))
            .findFirst()
            .orElse(view.isReady() ? "all connected" : "not known until the broker is Ready"));
  }

  private static String proven(MqttBrokerStatus status, String pod) {
    var proven =
        orEmpty(status.pods()).stream()
            .filter(each -> each.name().equals(pod))
            .flatMap(each -> Optional.ofNullable(each.accessRevision()).stream())
            .findFirst();
    var newest = Optional.ofNullable(status.access()).map(access -> access.revision());
    return proven
        .map(
            revision ->
                shorten(revision) + (Optional.of(revision).equals(newest) ? "" : " (older)"))
        .orElse("none");
  }

  private Table listeners(MqttBrokerStatus status) {
    var limits = view.figures().limits(view.name());
    var table = new Table("NAME", "ADDRESS", "TLS", "CONNECTIONS AT MOST", "FROM OUTSIDE");
    for (var endpoint : orEmpty(status.endpoints())) {
      table.row(
          endpoint.listener(),
          endpoint.address() + ":" + endpoint.port(),
          endpoint.tls() ? "yes" : "no",
          limits.containsKey(endpoint.listener())
              ? limits.get(endpoint.listener()) + " on each pod"
              : "-",
          String.join(
              ", ",
              orEmpty(endpoint.external()).stream()
                  .map(external -> external.address() + ":" + external.port())
                  .toList()));
    }
    return table;
  }

  private Table certificates(MqttBrokerStatus status) {
    var table = new Table("NAME", "PHASE", "ENDS IN", "RENEWED IN", "SERIAL");
    for (var certificate : orEmpty(status.certificates())) {
      table.row(
          certificate.name(),
          certificate.phase(),
          days(certificate.notAfter()),
          Optional.ofNullable(certificate.renewAt()).map(this::days).orElse("-"),
          certificate.serial());
    }
    return table;
  }

  private String days(String time) {
    try {
      return Duration.between(now, Instant.parse(time)).toDays() + " days";
    } catch (DateTimeParseException other) {
      return time;
    }
  }

  private Table eventTable() {
    var table = new Table("TIME", "TYPE", "REASON", "MESSAGE");
    view.events()
        .forEach(
            event ->
                table.row(
                    BrokerView.timeOf(event),
                    text(event.getType()),
                    text(event.getReason()),
                    text(event.getMessage())));
    return table;
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String shorten(String revision) {
    return revision.substring(0, Math.min(SHORT_REVISION, revision.length()));
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
