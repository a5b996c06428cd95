package io.mqttoperator.operator.mosquitto;

import java.util.OptionalLong;

/**
 * The memory that a broker's options promise to messages. Where none is set it is 0: what
 * Mosquitto's own limits allow (1,000 messages for each client, of any size) no pod can hold.
 *
 * @param clients how many each may have a queue
 * @param clientBytes a client's queue and what is on its way to it; 0 where no limit is set
 * @param packetBytes beyond Mosquitto's own limit of a packet
 * @param heapLimit what Mosquitto may allocate at all, so all queues together
 */
public record MessageMemory(
    long clients, long clientBytes, long packetBytes, OptionalLong heapLimit) {
  public static final MessageMemory NONE = new MessageMemory(0, 0, 0, OptionalLong.empty());

  /** {@code config__init_reload} of conf.c in 2.1. */
  private static final long OWN_PACKET_BYTES = 2_000_000;

  /** Measured with packets of 50 MB: two while one is taken, and one for each that it goes to. */
  private static final int PACKET_COPIES = 3;

  static MessageMemory of(BrokerConfiguration configuration) {
    var options = configuration.options();
    long queue =
        options.value(BrokerOption.MAX_QUEUED_BYTES).orElse(0)
            + options.value(BrokerOption.MAX_INFLIGHT_BYTES).orElse(0);
    long clients =
        configuration.listeners().stream().mapToLong(ListenerConfiguration::maxConnections).sum();
    long packet = options.value(BrokerOption.MAX_PACKET_SIZE).orElse(OWN_PACKET_BYTES);
    return new MessageMemory(
        queue == 0 ? 0 : clients,
        queue,
        Math.max(0, packet - OWN_PACKET_BYTES),
        options.value(BrokerOption.MEMORY_LIMIT));
  }

  /** Whether the spec promises any. */
  public boolean isSet() {
    return !equals(NONE);
  }

  /** For packets, and, unless the heap is bounded, for queues that are all full. */
  long bytes() {
    return packets() + (heapLimit.isPresent() ? 0 : clients * clientBytes);
  }

  long packets() {
    return PACKET_COPIES * packetBytes;
  }

  /** The arithmetic, as the end of a sentence; nothing where nothing is set. */
  String explain() {
    var text = new StringBuilder();
    if (heapLimit.isEmpty() && clientBytes > 0) {
      text.append(
          ", %d for the messages of each of %d clients (limits.maxQueuedBytes and maxInflightBytes)"
              .formatted(clientBytes, clients));
    }
    if (packetBytes > 0) {
      text.append(
          ", %d times the %d bytes that limits.maxPacketSize is above %d"
              .formatted(PACKET_COPIES, packetBytes, OWN_PACKET_BYTES));
    }
    return text.toString();
  }
}
