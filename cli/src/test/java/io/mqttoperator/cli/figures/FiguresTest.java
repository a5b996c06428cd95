package io.mqttoperator.cli.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private static final BrokerName FLEET = new BrokerName("factory", "fleet");

  private static final String TEXT =
      """
      # HELP mqtt_broker_sockets Open connections
      # TYPE mqtt_broker_sockets gauge
      mqtt_broker_sockets{broker="fleet",namespace="factory",pod="fleet-0"} 12.0
      mqtt_broker_sockets{broker="fleet",namespace="factory",pod="fleet-1"} 3.0
      mqtt_broker_sockets{broker="other",namespace="factory",pod="other-0"} 1.2E4 1700000000000
      mqtt_broker_listener_max_connections{broker="fleet",listener="mqtts",namespace="factory"} 100.0
      mqtt_broker_listener_max_connections{broker="fleet",listener="wss",namespace="factory"} 50.0
      mqtt_broker_condition{broker="fleet",condition="Ready",namespace="factory",status="true"} 1.0
      mqtt_broker_condition{broker="fleet",condition="Ready",namespace="factory",status="false"} 0.0
      mqtt_operator_queue_brokers 0.0
      mqtt_broker_sockets{broker="fleet",namespace="factory",pod="fleet-2"} many
      """;

  @Test
  void figuresAreThoseOfABrokerAndAPod() {
    var figures = Figures.parse(TEXT);
    assertThat(figures.brokers()).containsExactly(FLEET, new BrokerName("factory", "other"));
    assertThat(figures.pods(FLEET)).containsExactly("fleet-0", "fleet-1");
    assertThat(figures.ofPod(FLEET, "fleet-1", "sockets")).hasValue(3);
    assertThat(figures.ofPod(FLEET, "other-0", "sockets")).isEmpty();
    assertThat(figures.ofPod(new BrokerName("factory", "other"), "other-0", "sockets"))
        .hasValue(12_000);
    assertThat(figures.limits(FLEET)).isEqualTo(Map.of("mqtts", 100, "wss", 50));
    assertThat(figures.value(FLEET, "condition", Map.of("condition", "Ready", "status", "true")))
        .hasValue(1);
  }

  @Test
  void whoDoesNotLeadTellsOfNoBroker() {
    assertThat(Figures.parse("mqtt_operator_queue_brokers 0.0\n").isEmpty()).isTrue();
    assertThat(Figures.parse(TEXT).isEmpty()).isFalse();
  }

  @Test
  void aLabelMayHoldWhatIsEscaped() {
    var sample = Sample.parse("m{a=\"x\\\"y\\\\z\",b=\"{,}\"} +Inf").orElseThrow();
    assertThat(sample.labels()).isEqualTo(Map.of("a", "x\"y\\z", "b", "{,}"));
    assertThat(sample.value()).isInfinite();
  }

  @Test
  void aRateIsOfThePodsOwnTime() {
    var rates = new PodRates(List.of("messages_received_total"));
    rates.add(reading(10, 100));
    assertThat(rate(rates)).isEmpty();
    // The same figures again: Mosquitto has not renewed them.
    rates.add(reading(10, 100));
    assertThat(rate(rates)).isEmpty();
    rates.add(reading(20, 150));
    assertThat(rate(rates)).hasValue(5);
    rates.add(reading(20, 150));
    assertThat(rate(rates)).as("until they are renewed").hasValue(5);
    rates.add(reading(3, 7));
    assertThat(rate(rates)).as("after a restart").isEmpty();
    rates.add(reading(13, 7));
    assertThat(rate(rates)).hasValue(0);
  }

  private static OptionalDouble rate(PodRates rates) {
    return rates.perSecond(FLEET, "fleet-0", "messages_received_total");
  }

  private static Figures reading(int uptime, int messages) {
    return Figures.parse(
        """
        mqtt_broker_uptime_seconds{broker="fleet",namespace="factory",pod="fleet-0"} %d
        mqtt_broker_messages_received_total{broker="fleet",namespace="factory",pod="fleet-0"} %d
        """
            .formatted(uptime, messages));
  }
}
