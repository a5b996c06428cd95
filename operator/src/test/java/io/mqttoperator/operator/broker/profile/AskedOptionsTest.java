package io.mqttoperator.operator.broker.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.mosquitto.BrokerOption;
import io.mqttoperator.operator.mosquitto.BrokerOptions;
import io.mqttoperator.operator.mosquitto.LogType;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedOptionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "paused: false",
        "{limits: {}, messages: {}, logging: {}}",
        "{limits: null, messages: {retain: null}, logging: {types: null}}",
        "messages: {retain: true, queueQos0: false}",
        "logging: {types: [error, warning, notice], connections: true}"
      })
  void whatIsMosquittosOwnIsNotSet(String spec) {
    assertThat(options(spec)).isEqualTo(BrokerOptions.NONE);
  }

  /** A bridge is a client to the broker. */
  @Test
  void severalPodsQueueMoreUnlessToldOtherwise() {
    assertThat(options("replicas: 1").values()).isEmpty();
    assertThat(options("replicas: 3").values())
        .isEqualTo(Map.of(BrokerOption.MAX_QUEUED_MESSAGES, 10_000L));
    assertThat(options("{replicas: 3, limits: {maxQueuedMessages: 7}}").values())
        .isEqualTo(Map.of(BrokerOption.MAX_QUEUED_MESSAGES, 7L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits: {sessionExpiry: 1h}",
        "messages: {retain: false}",
        "limits: {maxPacketSize: 2000001}"
      })
  void whatWouldPartSeveralPodsIsRefused(String spec) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("{replicas: 2, " + spec + "}"))
        .withMessageContaining("spec.replicas")
        .withMessageContaining("spec." + spec.substring(0, spec.indexOf(':')));
    assertThat(options(spec).values()).hasSize(1);
  }

  @Test
  void eachOptionHasAField() {
    var options =
        options(
            """
            limits:
              maxPacketSize: 1000
              maxInflightMessages: 1
              maxInflightBytes: 2
              maxQueuedMessages: 3
              maxQueuedBytes: 4
              maxKeepAlive: 5
              maxTopicAliases: 0
              maxQos: 0
              sessionExpiry: 1h30m
              memory: 64Mi
            messages: {retain: false, queueQos0: true}
            logging: {types: [debug], connections: false}
            """);
    assertThat(options.values())
        .isEqualTo(
            Map.ofEntries(
                Map.entry(BrokerOption.MAX_PACKET_SIZE, 1000L),
                Map.entry(BrokerOption.MAX_INFLIGHT_MESSAGES, 1L),
                Map.entry(BrokerOption.MAX_INFLIGHT_BYTES, 2L),
                Map.entry(BrokerOption.MAX_QUEUED_MESSAGES, 3L),
                Map.entry(BrokerOption.MAX_QUEUED_BYTES, 4L),
                Map.entry(BrokerOption.MAX_KEEPALIVE, 5L),
                Map.entry(BrokerOption.MAX_TOPIC_ALIAS, 0L),
                Map.entry(BrokerOption.MAX_QOS, 0L),
                Map.entry(BrokerOption.PERSISTENT_CLIENT_EXPIRATION, 5400L),
                Map.entry(BrokerOption.MEMORY_LIMIT, 64L << 20),
                Map.entry(BrokerOption.RETAIN_AVAILABLE, 0L),
                Map.entry(BrokerOption.QUEUE_QOS0_MESSAGES, 1L)))
        .containsOnlyKeys(BrokerOption.values());
    assertThat(options.logTypes()).containsExactly(LogType.ERROR, LogType.DEBUG);
    assertThat(options.connectionMessages()).isFalse();
  }

  @Test
  void allAndNoneStandForTheOthers() {
    assertThat(options("logging: {types: [all]}").logTypes())
        .isEqualTo(EnumSet.allOf(LogType.class));
    assertThat(options("logging: {types: [none]}").logTypes()).containsExactly(LogType.ERROR);
    assertThat(options("logging: {types: []}").logTypes()).containsExactly(LogType.ERROR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logging: {types: [error, packets]}",
        "limits: {sessionExpiry: never}",
        "limits: {maxQos: 3}",
        "limits: {memory: 1}"
      })
  void refusesWhatItCannotUse(String spec) {
    assertThatIllegalArgumentException().isThrownBy(() -> options(spec));
  }

  private static BrokerOptions options(String spec) {
    return Samples.profileWith(spec).options();
  }
}
