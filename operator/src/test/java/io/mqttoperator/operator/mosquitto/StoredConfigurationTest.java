package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredConfigurationTest {

  /** A client without the header that a listener waits for is not let in, nor is one with it. */
  @ParameterizedTest
  @EnumSource(ProxyHeader.class)
  void aListenerIsOpenWhereItExpectsTheSameHeader(ProxyHeader header) {
    var stored = stored(listener(header));
    assertThat(Arrays.stream(ProxyHeader.values()).filter(asked -> stored.opens(listener(asked))))
        .containsExactly(header);
  }

  private static StoredConfiguration stored(ListenerConfiguration listener) {
    var files =
        new BrokerConfiguration(List.of(listener), new InternalListener(16), 60, BrokerOptions.NONE)
            .files(0);
    return new StoredConfiguration(
        Objects.requireNonNull(files.get(RevisionFiles.CONFIGURATION)),
        Objects.requireNonNull(files.get(RevisionFiles.REQUIREMENTS)));
  }

  private static ListenerConfiguration listener(ProxyHeader header) {
    return new ListenerConfiguration(
        "a",
        1883,
        ListenerProtocol.MQTT,
        Encryption.NONE,
        ClientAuthentication.PASSWORD,
        true,
        1000,
        header);
  }
}
