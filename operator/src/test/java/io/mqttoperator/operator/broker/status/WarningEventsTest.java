package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.operator.broker.certificates.OwnCertificates;
import io.mqttoperator.operator.broker.status.WarningEvents.WarningEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class WarningEventsTest {

  static final List<WarningEvent> EVENTS =
      List.of(
          new WarningEvent(
              "DatabaseSetAside", "Pod fleet-0: its database was set aside: mosquitto.db.1"),
          new WarningEvent(
              "CertificateEndsSoon",
              OwnCertificates.ending("web", "certificate", Instant.parse("2026-06-01T00:00:00Z"))));

  @ParameterizedTest
  @FieldSource("EVENTS")
  void isToldOnce(WarningEvent event) {
    var sentence = event.message();
    assertThat(WarningEvents.of(null, status("Another.", sentence))).containsExactly(event);
    assertThat(WarningEvents.of(status(), status(sentence))).containsExactly(event);
    assertThat(WarningEvents.of(status(sentence), status(sentence))).isEmpty();
    assertThat(WarningEvents.of(status(sentence), status())).isEmpty();
  }

  @Test
  void theNextEndIsToldAgain() {
    var next = OwnCertificates.ending("web", "certificate", Instant.parse("2026-07-01T00:00:00Z"));
    assertThat(WarningEvents.of(status(EVENTS.getLast().message()), status(next)))
        .containsExactly(new WarningEvent("CertificateEndsSoon", next));
  }

  @Test
  void otherWarningsAreOfTheStatusAlone() {
    assertThat(WarningEvents.of(status(), status("Listener plain is not encrypted."))).isEmpty();
  }

  private static MqttBrokerStatus status(String... warnings) {
    return new MqttBrokerStatus(
        1L,
        null,
        0,
        0,
        "",
        null,
        null,
        null,
        null,
        warnings.length == 0 ? null : List.of(warnings));
  }
}
