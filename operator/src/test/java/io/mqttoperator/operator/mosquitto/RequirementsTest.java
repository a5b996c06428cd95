package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequirementsTest {
  private static final long KIB = 1024;

  @Test
  void countsEachListenersConnectionsByWhatTheyCost() {
    var plain =
        new ListenerConfiguration(
            "open",
            1883,
            ListenerProtocol.MQTT,
            Encryption.NONE,
            ClientAuthentication.ANONYMOUS,
            false,
            200);
    var configuration =
        new BrokerConfiguration(
            List.of(BrokerConfigurationTest.listener("mqtts", 8883), plain),
            new InternalListener(16),
            60,
            BrokerOptions.NONE);
    Requirements requirements = Requirements.of(configuration, 1000);
    assertThat(requirements.fileDescriptors()).isEqualTo(1000 + 200 + 16 + 6 + 64);
    long memory = 32 * KIB * KIB + 1016 * 64 * KIB + 200 * 16 * KIB + 8 * 1000;
    assertThat(requirements.memoryBytes()).isEqualTo(memory);
    assertThat(text(requirements.render()))
        .isEqualTo("file_descriptors 1286\nmemory_bytes " + memory + "\n");
    assertThat(requirements.explain())
        .contains("1286 file descriptors: 1216 connections", memory + " bytes", "1016 TLS");
  }
}
