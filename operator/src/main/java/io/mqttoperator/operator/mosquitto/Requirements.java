package io.mqttoperator.operator.mosquitto;

import java.util.List;
import java.util.Optional;

/**
 * What a pod must give the broker so that every connection its listeners allow can be there at
 * once, with the messages that its options promise to hold.
 *
 * @param connections allowed on all listeners together
 * @param tlsConnections how many of them are encrypted
 * @param listeners the operator's own among them
 * @param accessBytes the bytes of all password and ACL files together
 */
public record Requirements(
    long connections,
    long tlsConnections,
    int listeners,
    long accessBytes,
    MessageMemory messages) {
  /** Standard streams, epoll, the database and its new copy, files read at a reload. */
  private static final long SPARE_DESCRIPTORS = 64;

  /** One for IPv4, one for IPv6. */
  private static final int SOCKETS_PER_LISTENER = 2;

  private static final long KIB = 1024;

  /** Mosquitto 2.1.2 without clients was measured at 13 MB. */
  private static final long BASE_BYTES = 32 * KIB * KIB;

  /** Measured with 2,000 idle clients: 27 kB; the rest is for handshakes and queued messages. */
  private static final long TLS_CONNECTION_BYTES = 64 * KIB;

  /** Measured so: 5 kB. */
  private static final long PLAIN_CONNECTION_BYTES = 16 * KIB;

  /**
   * Two revisions in the memory-backed folder, each of them once as shards and once joined, and the
   * tables that Mosquitto makes of one: 19 MB for the 5.4 MB of 20,000 users, so 3.5 times as much.
   */
  private static final long ACCESS_COPIES = 8;

  /** Of these, the copies that are files. */
  private static final long ACCESS_FILES = 4;

  /** Measured: 2.1.2 starts with 1 MB of heap, not with 200 kB. */
  private static final long BASE_HEAP_BYTES = 2 * KIB * KIB;

  /** Measured with 1,000 clients that subscribe: 5.1 kB. What OpenSSL takes is not counted. */
  private static final long CONNECTION_HEAP_BYTES = 8 * KIB;

  public static Requirements of(BrokerConfiguration configuration, long accessBytes) {
    long internal = configuration.internal().maxConnections();
    long connections = internal;
    long tlsConnections = internal;
    for (ListenerConfiguration listener : configuration.listeners()) {
      connections += listener.maxConnections();
      if (listener.encryption() != Encryption.NONE) {
        tlsConnections += listener.maxConnections();
      }
    }
    return new Requirements(
        connections,
        tlsConnections,
        configuration.listeners().size() + 1,
        accessBytes,
        MessageMemory.of(configuration));
  }

  public long fileDescriptors() {
    return connections + (long) SOCKETS_PER_LISTENER * listeners + SPARE_DESCRIPTORS;
  }

  public long memoryBytes() {
    return messages.heapLimit().isPresent()
        ? withHeapLimit(messages.heapLimit().getAsLong())
        : withoutHeapLimit();
  }

  private long withoutHeapLimit() {
    return BASE_BYTES
        + tlsConnections * TLS_CONNECTION_BYTES
        + (connections - tlsConnections) * PLAIN_CONNECTION_BYTES
        + ACCESS_COPIES * accessBytes
        + messages.bytes();
  }

  /** A full heap, and what is beside it. */
  private long withHeapLimit(long limit) {
    return BASE_BYTES
        + tlsConnections * (TLS_CONNECTION_BYTES - CONNECTION_HEAP_BYTES)
        + ACCESS_FILES * accessBytes
        + limit;
  }

  /** What Mosquitto must be allowed to allocate before it holds any message. */
  public long heapBytes() {
    return BASE_HEAP_BYTES
        + connections * CONNECTION_HEAP_BYTES
        + ACCESS_COPIES * accessBytes
        + messages.packets();
  }

  /** Why the broker could not keep its promises within its own {@code limits.memory}. */
  public Optional<String> heapTooSmall() {
    return messages.heapLimit().stream()
        .filter(limit -> limit < heapBytes())
        .mapToObj(
            limit ->
                ("spec.limits.memory is %d bytes, but the broker needs %d before it holds any"
                        + " message: %d for itself, %d for each of %d connections, %d times the %d"
                        + " bytes of the password and ACL files%s. Raise it, or lower"
                        + " maxConnections.")
                    .formatted(
                        limit,
                        heapBytes(),
                        BASE_HEAP_BYTES,
                        CONNECTION_HEAP_BYTES,
                        connections,
                        ACCESS_COPIES,
                        accessBytes,
                        messages.packets() > 0 ? messages.explain() : ""))
        .findFirst();
  }

  private String explainMemory() {
    if (messages.heapLimit().isPresent()) {
      return ("%d for the broker, %d for each of %d TLS connections, %d times the %d bytes of the"
              + " password and ACL files, %d for the heap (limits.memory).")
          .formatted(
              BASE_BYTES,
              TLS_CONNECTION_BYTES - CONNECTION_HEAP_BYTES,
              tlsConnections,
              ACCESS_FILES,
              accessBytes,
              messages.heapLimit().getAsLong());
    }
    return ("%d for the broker, %d for each of %d TLS connections, %d for each of %d plain ones, %d"
            + " times the %d bytes of the password and ACL files%s.")
        .formatted(
            BASE_BYTES,
            TLS_CONNECTION_BYTES,
            tlsConnections,
            PLAIN_CONNECTION_BYTES,
            connections - tlsConnections,
            ACCESS_COPIES,
            accessBytes,
            messages.explain());
  }

  /** The arithmetic, as two sentences. */
  public String explain() {
    return ("%d file descriptors: %d connections, %d for the sockets of %d listeners, %d spare."
            + " %d bytes of memory: %s")
        .formatted(
            fileDescriptors(),
            connections,
            SOCKETS_PER_LISTENER * listeners,
            listeners,
            SPARE_DESCRIPTORS,
            memoryBytes(),
            explainMemory());
  }

  /** The file {@code requirements}, which the supervisor reads. */
  public byte[] render() {
    return TextFile.render(
        List.of("file_descriptors " + fileDescriptors(), "memory_bytes " + memoryBytes()));
  }
}
