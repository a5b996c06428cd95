package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartDigestTest {
  private static final InternalListener INTERNAL = new InternalListener(64);
  private static final ListenerConfiguration LISTENER =
      listener("mqtts", 8883, ListenerProtocol.MQTT, Encryption.TLS_1_2, true, 1000);
  private static final StartDigest DEFAULT = digest(LISTENER);

  @Test
  void whatAReloadTakesChangesNothing() {
    var more = listener("mqtts", 8883, ListenerProtocol.MQTT, Encryption.TLS_1_2, true, 2);
    var options = new BrokerOptions(Map.of(), EnumSet.of(LogType.ERROR, LogType.DEBUG), false);
    assertThat(
            new BrokerConfiguration(List.of(more), new InternalListener(7), 9, options)
                .startDigest())
        .isEqualTo(DEFAULT);
  }

  @Test
  void everyOtherPartOfAListenerCounts() {
    var changed =
        List.of(
            listener("other", 8883, ListenerProtocol.MQTT, Encryption.TLS_1_2, true, 1000),
            listener("mqtts", 8885, ListenerProtocol.MQTT, Encryption.TLS_1_2, true, 1000),
            listener("mqtts", 8883, ListenerProtocol.WEBSOCKETS, Encryption.TLS_1_2, true, 1000),
            listener("mqtts", 8883, ListenerProtocol.MQTT, Encryption.TLS_1_3, true, 1000),
            listener("mqtts", 8883, ListenerProtocol.MQTT, Encryption.NONE, true, 1000),
            listener("mqtts", 8883, ListenerProtocol.MQTT, Encryption.TLS_1_2, false, 1000));
    var digests = new ArrayList<>(changed.stream().map(StartDigestTest::digest).toList());
    digests.add(
        digest(LISTENER, listener("more", 1884, ListenerProtocol.MQTT, Encryption.NONE, true, 1)));
    digests.add(DEFAULT);
    assertThat(digests).doesNotHaveDuplicates();
  }

  /** {@link BrokerOptionTest} has what Mosquitto takes when. */
  @ParameterizedTest
  @EnumSource
  void anOptionCountsAsItsEffectSays(BrokerOption option) {
    var least = with(Map.of(option, option.min()));
    var most = with(Map.of(option, option.max()));
    switch (option.effect()) {
      case AT_RELOAD -> assertThat(List.of(least, most)).containsOnly(DEFAULT);
      case AT_RELOAD_ONCE_SET -> assertThat(least).isEqualTo(most).isNotEqualTo(DEFAULT);
      case AT_START -> assertThat(List.of(least, most, DEFAULT)).doesNotHaveDuplicates();
    }
  }

  @Test
  void aConfigurationTellsIt() {
    var configuration =
        new BrokerConfiguration(List.of(LISTENER), INTERNAL, 60, BrokerOptions.NONE);
    assertThat(StartDigest.in(configuration.render())).contains(DEFAULT);
    assertThat(StartDigest.in(utf8("# of an older operator\nlistener 8883\n"))).isEmpty();
    assertThat(StartDigest.in(utf8("# start ../x\n"))).isEmpty();
  }

  private static StartDigest with(Map<BrokerOption, Long> values) {
    var options = new BrokerOptions(values, BrokerOptions.NONE.logTypes(), true);
    return new BrokerConfiguration(List.of(LISTENER), INTERNAL, 60, options).startDigest();
  }

  private static StartDigest digest(ListenerConfiguration... listeners) {
    return new BrokerConfiguration(List.of(listeners), INTERNAL, 60, BrokerOptions.NONE)
        .startDigest();
  }

  private static ListenerConfiguration listener(
      String name,
      int port,
      ListenerProtocol protocol,
      Encryption encryption,
      boolean clientIdFromUsername,
      int maxConnections) {
    return new ListenerConfiguration(
        name,
        port,
        protocol,
        encryption,
        ClientAuthentication.PASSWORD,
        clientIdFromUsername,
        maxConnections,
        ProxyHeader.NONE);
  }
}
