package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The file {@code bridge.conf}: the configuration of the Mosquitto that joins a pod's broker to the
 * hub's. It is one file for all pods; {@code bridge.sh} fills in what is a pod's own.
 *
 * @param hub the DNS name of the hub's pod, as its certificate for the internal listener has it
 * @param accounts of the bridges
 * @param maxQueuedMessages 1 to 1,000,000: how many messages wait in each direction while a broker
 *     is away; what comes after is dropped
 * @param maxQueuedBytes 1 MiB to 1 TiB: the same in bytes of payload; the first limit that is
 *     reached counts
 * @param autosaveSeconds 1 to 86,400: how much a crash of the bridge can lose or send again
 */
public record BridgeConfiguration(
    String hub,
    BridgeAccounts accounts,
    int maxQueuedMessages,
    long maxQueuedBytes,
    int autosaveSeconds) {
  public static final String FILE = "bridge.conf";

  private static final int MAX_MESSAGES = 1_000_000;
  private static final long MIN_BYTES = 1L << 20;
  private static final long MAX_BYTES = 1L << 40;
  private static final int MAX_AUTOSAVE_SECONDS = 86_400;
  private static final int MAX_HOST_LENGTH = 253;
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern HOST = Pattern.compile(LABEL + "(\\." + LABEL + ")+");

  private static final List<String> GLOBAL_BEFORE_LIMITS =
      List.of(
          "# Written by mqtt-operator: a change made here is lost.",
          // A port of 0 is a Unix socket, in a folder of the container that nobody else sees.
          "listener 0 /mosquitto/run/socket",
          "listener_allow_anonymous false",
          // Grants nothing to the sources of its own retained messages: it never sends those anew.
          "acl_file @DIRECTORY@/acl",
          "check_retain_source true",
          "persistence true",
          "persistence_location /mosquitto/data/bridge/");

  private static final List<String> GLOBAL_AFTER_LIMITS =
      List.of(
          "queue_qos0_messages false",
          "set_tcp_nodelay true",
          "log_dest stderr",
          "log_type error",
          "log_type warning",
          "log_type notice");

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public BridgeConfiguration {
    if (hub.length() > MAX_HOST_LENGTH || !HOST.matcher(hub).matches()) {
      throw new IllegalArgumentException("The hub is not named by a DNS name in lower case");
    }
    if (maxQueuedMessages < 1 || maxQueuedMessages > MAX_MESSAGES) {
      throw new IllegalArgumentException("A bridge queues 1 to 1,000,000 messages");
    }
    if (maxQueuedBytes < MIN_BYTES || maxQueuedBytes > MAX_BYTES) {
      throw new IllegalArgumentException("A bridge queues 1 MiB to 1 TiB");
    }
    if (autosaveSeconds < 1 || autosaveSeconds > MAX_AUTOSAVE_SECONDS) {
      throw new IllegalArgumentException("The autosave interval is 1 s to 24 h");
    }
  }

  public byte[] render() {
    var lines = new ArrayList<>(GLOBAL_BEFORE_LIMITS);
    lines.add("autosave_interval " + autosaveSeconds);
    lines.add("max_queued_messages " + maxQueuedMessages);
    lines.add("max_queued_bytes " + maxQueuedBytes);
    lines.addAll(GLOBAL_AFTER_LIMITS);
    lines.addAll(connection("own", "127.0.0.1"));
    lines.addAll(connection("hub", hub));
    return TextFile.render(lines);
  }

  private List<String> connection(String name, String host) {
    return List.of(
        "",
        "connection " + name,
        "address " + host + ":" + InternalListener.PORT,
        "local_clientid " + name,
        // The broker takes the certificate's name instead; here it names the topic of the state.
        "remote_clientid " + accounts.prefix() + "@ORDINAL@",
        "bridge_protocol_version mqttv50",
        "cleansession false",
        "local_cleansession false",
        // Seconds, the most that it takes: 68 years.
        "bridge_session_expiry_interval 2147483647",
        // Not 2: at QoS 2 each restart of the hub lost a message, at QoS 1 none did (measured).
        "topic # @DIRECTION@ 1",
        // The sessions keep what the bridge once subscribed to.
        "bridge_attempt_unsubscribe false",
        "notifications true",
        "start_type automatic",
        "restart_timeout 1",
        "keepalive_interval 10",
        "bridge_tcp_user_timeout 10000",
        "bridge_cafile @DIRECTORY@/internal-ca.crt",
        "bridge_certfile @DIRECTORY@/bridge.crt",
        "bridge_keyfile @DIRECTORY@/bridge.key",
        // The least; the listener says which. Where clients have pre-shared keys, that is 1.2.
        "bridge_tls_version tlsv1.2",
        "bridge_insecure false");
  }

  /** The name of the file that holds a pod's certificate, in the volume that all pods mount. */
  public static String certificateFile(int ordinal) {
    return "bridge-" + ordinal + ".crt";
  }

  /** The name of the file that holds a pod's key. */
  public static String keyFile(int ordinal) {
    return "bridge-" + ordinal + ".key";
  }
}
