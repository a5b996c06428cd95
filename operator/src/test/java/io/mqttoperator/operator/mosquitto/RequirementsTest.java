package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequirementsTest {
  private static final long KIB = 1024;
  private static final long DEFAULT_BYTES = 32 * KIB * KIB + 1016 * 64 * KIB;

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
            200,
            ProxyHeader.NONE);
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

  @Test
  void whatMosquittoLimitsByItselfPromisesNothing() {
    var needs =
        needs(
            Map.of(
                BrokerOption.MAX_PACKET_SIZE, 2_000_000L,
                BrokerOption.MAX_QUEUED_MESSAGES, 10L,
                BrokerOption.MAX_QOS, 1L));
    assertThat(needs).isEqualTo(needs(Map.of()));
    assertThat(needs.messages().isSet()).isFalse();
    assertThat(needs.memoryBytes()).isEqualTo(DEFAULT_BYTES);
  }

  @Test
  void eachClientMayFillItsQueue() {
    var needs =
        needs(Map.of(BrokerOption.MAX_QUEUED_BYTES, 50_000L, BrokerOption.MAX_INFLIGHT_BYTES, 7L));
    assertThat(needs.memoryBytes()).isEqualTo(DEFAULT_BYTES + 1000 * 50_007);
    assertThat(needs.explain())
        .endsWith(
            ", 50007 for the messages of each of 1000 clients (limits.maxQueuedBytes and"
                + " maxInflightBytes).");
  }

  @Test
  void aLargePacketIsThereThreeTimes() {
    var needs = needs(Map.of(BrokerOption.MAX_PACKET_SIZE, 12_000_000L));
    assertThat(needs.memoryBytes()).isEqualTo(DEFAULT_BYTES + 30_000_000);
    assertThat(needs.explain())
        .endsWith(", 3 times the 10000000 bytes that limits.maxPacketSize is above 2000000.");
  }

  /** It holds the queues too, however long each may be. */
  @Test
  void aLimitOfTheHeapStandsForAllThatIsInIt() {
    long limit = 512 * KIB * KIB;
    var needs =
        needs(
            Map.of(
                BrokerOption.MEMORY_LIMIT,
                limit,
                BrokerOption.MAX_QUEUED_BYTES,
                (long) Integer.MAX_VALUE));
    assertThat(needs.memoryBytes()).isEqualTo(32 * KIB * KIB + 1016 * 56 * KIB + limit);
    assertThat(needs.explain()).endsWith("536870912 for the heap (limits.memory).");
    assertThat(needs.heapTooSmall()).isEmpty();
  }

  @Test
  void aHeapThatCannotHoldTheConnectionsIsTooSmall() {
    long least = 2 * KIB * KIB + 1016 * 8 * KIB;
    assertThat(needs(Map.of(BrokerOption.MEMORY_LIMIT, least)).heapTooSmall()).isEmpty();
    assertThat(needs(Map.of(BrokerOption.MEMORY_LIMIT, least - 1)).heapTooSmall())
        .hasValueSatisfying(
            message ->
                assertThat(message)
                    .startsWith("spec.limits.memory is " + (least - 1) + " bytes")
                    .contains("needs " + least, "8192 for each of 1016 connections"));
  }

  private static Requirements needs(Map<BrokerOption, Long> options) {
    return Requirements.of(
        new BrokerConfiguration(
            List.of(BrokerConfigurationTest.listener("mqtts", 8883)),
            new InternalListener(16),
            60,
            new BrokerOptions(options, Set.of(LogType.ERROR), true)),
        0);
  }
}
