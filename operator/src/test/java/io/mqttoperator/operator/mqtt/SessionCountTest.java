package io.mqttoperator.operator.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCountTest {

  @Test
  void aCountIsTaken() {
    assertThat(SysTopics.count("0")).isZero();
    assertThat(SysTopics.count("12345")).isEqualTo(12345);
  }

  /** The first is what Mosquitto 2.1.2 told after restarts: one below zero. */
  @ParameterizedTest
  @ValueSource(strings = {"4294967295", "-1", "", "many"})
  void whatIsNoCountEndsNoHearing(String told) {
    assertThat(SysTopics.count(told)).isNull();
  }
}
