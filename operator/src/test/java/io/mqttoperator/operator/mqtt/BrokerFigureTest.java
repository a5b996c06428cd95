package io.mqttoperator.operator.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerFigureTest {

  @Test
  void numbersAreRead() {
    assertThat(BrokerFigure.SESSIONS.read("0")).hasValue(0);
    assertThat(BrokerFigure.SESSIONS.read("5000")).hasValue(5000);
    assertThat(BrokerFigure.UPTIME_SECONDS.read("86400 seconds")).hasValue(86_400);
    assertThat(BrokerFigure.BYTES_SENT.read("123456789012345")).hasValue(123_456_789_012_345L);
    assertThat(BrokerFigure.HEAP_BYTES.read("4294967296")).hasValue(4_294_967_296L);
  }

  @Test
  void aCountBelowZeroIsNone() {
    assertThat(BrokerFigure.CLIENTS_CONNECTED.read("4294967295")).isEqualTo(OptionalLong.empty());
    assertThat(BrokerFigure.SOCKETS.read("18446744073709551615")).isEqualTo(OptionalLong.empty());
    assertThat(BrokerFigure.PUBLISHED.read("4294967295")).hasValue(4_294_967_295L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "NaN", "many", "1 second", "1e9", "1\n", "١"})
  void whatIsNoNumberIsNone(String told) {
    assertThat(BrokerFigure.SESSIONS.read(told)).isEqualTo(OptionalLong.empty());
  }

  @Test
  void eachIsFoundByItsTopic() {
    assertThat(Arrays.stream(BrokerFigure.values()).map(BrokerFigure::topic).distinct())
        .hasSameSizeAs(BrokerFigure.values())
        .allMatch(topic -> BrokerFigure.ofTopic(topic) != null);
  }
}
