package io.mqttoperator.operator.mosquitto;

import java.util.List;

/**
 * What a pod must give the broker so that every connection its listeners allow can be there at
 * once.
 *
 * @param connections allowed on all listeners together
 * @param tlsConnections how many of them are encrypted
 * @param listeners the operator's own among them
 * @param accessBytes the bytes of all password and ACL files together
 */
public record Requirements(long connections, long tlsConnections, int listeners, long accessBytes) {
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
        connections, tlsConnections, configuration.listeners().size() + 1, accessBytes);
  }

  public long fileDescriptors() {
    return connections + (long) SOCKETS_PER_LISTENER * listeners + SPARE_DESCRIPTORS;
  }

  public long memoryBytes() {
    return BASE_BYTES
        + tlsConnections * TLS_CONNECTION_BYTES
        + (connections - tlsConnections) * PLAIN_CONNECTION_BYTES
        + ACCESS_COPIES * accessBytes;
  }

  /** The arithmetic, as two sentences. */
  public String explain() {
    return ("%d file descriptors: %d connections, %d for the sockets of %d listeners, %d spare."
            + " %d bytes of memory: %d for the broker, %d for each of %d TLS connections, %d for"
            + " each of %d plain ones, %d times the %d bytes of the password and ACL files.")
        .formatted(
            fileDescriptors(),
            connections,
            SOCKETS_PER_LISTENER * listeners,
            listeners,
            SPARE_DESCRIPTORS,
            memoryBytes(),
            BASE_BYTES,
            TLS_CONNECTION_BYTES,
            tlsConnections,
            PLAIN_CONNECTION_BYTES,
            connections - tlsConnections,
            ACCESS_COPIES,
            accessBytes);
  }

  /** The file {@code requirements}, which the supervisor reads. */
  public byte[] render() {
    return TextFile.render(
        List.of("file_descriptors " + fileDescriptors(), "memory_bytes " + memoryBytes()));
  }
}
