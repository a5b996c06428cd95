package io.mqttoperator.operator.broker.status;

import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.operator.broker.certificates.OwnCertificates;
import io.mqttoperator.operator.broker.observation.DatabaseReport;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Warnings in a broker's status that are worth an event when they appear. Pure. */
final class WarningEvents {

  /** What somebody else has to renew. */
  static final String ENDS_SOON = "CertificateEndsSoon";

  private static final Map<String, Predicate<String>> REASONS =
      Map.of(
          DatabaseReport.SET_ASIDE, DatabaseReport::isReport, ENDS_SOON, OwnCertificates::isEnding);

  /** An event's reason and message. */
  record WarningEvent(String reason, String message) {}

  private WarningEvents() {}

  /** Of what this status tells and the one before did not. */
  static List<WarningEvent> of(@Nullable MqttBrokerStatus before, MqttBrokerStatus now) {
    var known = warnings(before).toList();
    return warnings(now)
        .filter(warning -> !known.contains(warning))
        .flatMap(
            warning ->
                REASONS.entrySet().stream()
                    .filter(reason -> reason.getValue().test(warning))
                    .map(reason -> new WarningEvent(reason.getKey(), warning)))
        .toList();
  }

  private static Stream<String> warnings(@Nullable MqttBrokerStatus status) {
    return status == null || status.warnings() == null
        ? Stream.empty()
        : status.warnings().stream();
  }
}
