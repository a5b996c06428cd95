package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.existing.ExistingOption;
import io.mqttoperator.operator.mosquitto.BrokerOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes options of the broker as a whole into its spec, and says which it cannot. */
final class BrokerOptionsMove {

  /** Numbers, by the field of {@code limits} that they become. */
  private static final Map<BrokerOption, String> LIMITS =
      Map.of(
          BrokerOption.MAX_PACKET_SIZE, "maxPacketSize",
          BrokerOption.MAX_INFLIGHT_MESSAGES, "maxInflightMessages",
          BrokerOption.MAX_INFLIGHT_BYTES, "maxInflightBytes",
          BrokerOption.MAX_QUEUED_MESSAGES, "maxQueuedMessages",
          BrokerOption.MAX_QUEUED_BYTES, "maxQueuedBytes",
          BrokerOption.MAX_KEEPALIVE, "maxKeepAlive",
          BrokerOption.MEMORY_LIMIT, "memory");

  /** Of which 0 means no limit, as leaving them out does. */
  private static final Set<BrokerOption> UNLIMITED_BY_DEFAULT =
      Set.of(
          BrokerOption.MAX_INFLIGHT_BYTES,
          BrokerOption.MAX_QUEUED_BYTES,
          BrokerOption.MAX_KEEPALIVE,
          BrokerOption.MEMORY_LIMIT);

  private static final Set<String> ELSEWHERE =
      Set.of(
          "acl_file",
          "allow_anonymous",
          "autosave_interval",
          "log_type",
          "password_file",
          "psk_file",
          "persistence",
          "retained_persistence");

  private static final String POD = "a pod has nothing of the kind";
  private static final String LOG = "the container's log has it, with times of its own";

  private static final Map<String, String> NOT_NEEDED =
      Map.ofEntries(
          Map.entry("log_dest", LOG),
          Map.entry("log_facility", LOG),
          Map.entry("log_timestamp", LOG),
          Map.entry("log_timestamp_format", LOG),
          Map.entry("packet_buffer_size", "Mosquitto's own is used"),
          Map.entry("websockets_headers_size", "Mosquitto's own is used"),
          Map.entry("websockets_log_level", LOG),
          Map.entry("persistence_file", "the volume is the operator's"),
          Map.entry("persistence_location", "the volume is the operator's"),
          Map.entry("pid_file", POD),
          Map.entry("user", POD),
          Map.entry("set_tcp_nodelay", "the operator always sets it"),
          Map.entry("retry_interval", "Mosquitto has not read it since 1.5"),
          Map.entry("store_clean_interval", "Mosquitto has not read it since 1.5"));

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("allow_duplicate_messages", "Mosquitto's default, true, is used"),
          Map.entry("allow_zero_length_clientid", "Clients without a client id are given one"),
          Map.entry("auto_id_prefix", "Client ids that the broker makes begin with auto-"),
          Map.entry("autosave_on_changes", "Set storage.autosaveInterval"),
          Map.entry("check_retain_source", "Retained messages outlive their publisher's right"),
          Map.entry("clientid_prefixes", "A client id proves nothing: let a username do that"),
          Map.entry("enable_control_api", "kubectl mqtt status answers instead"),
          Map.entry("global_max_clients", "Set maxConnections of each listener"),
          Map.entry("global_max_connections", "Set maxConnections of each listener"),
          Map.entry("message_size_limit", "Set limits.maxPacketSize: it counts the topic too"),
          Map.entry("retain_expiry_interval", "Let publishers set a message expiry (MQTT 5)"),
          Map.entry("sys_interval", "Mosquitto's 10 seconds are used"),
          Map.entry("upgrade_outgoing_qos", "Let publishers use the higher QoS"));

  private static final Pattern EXPIRATION = Pattern.compile("([0-9]{1,9})([shdwmy])");

  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "h", 3600L, "d", 86_400L, "w", 604_800L, "m", 2_592_000L, "y", 31_536_000L);

  private final ObjectNode spec;
  private final LeftOvers left;

  BrokerOptionsMove(ObjectNode spec, LeftOvers left) {
    this.spec = spec;
    this.left = left;
  }

  /** Of options that stand twice the last. */
  void write(List<ExistingOption> options) {
    for (int i = 0; i < options.size(); i++) {
      var name = options.get(i).name();
      if (options.subList(i + 1, options.size()).stream().noneMatch(o -> o.name().equals(name))) {
        write(options.get(i));
      }
    }
  }

  private void write(ExistingOption option) {
    var limit = LIMITS.keySet().stream().filter(own -> own.key().equals(option.name())).findFirst();
    if (limit.isPresent()) {
      limit(option, limit.get());
      return;
    }
    switch (option.name()) {
      case "retain_available" -> flag(option, "/messages", "retain", true);
      case "queue_qos0_messages" -> flag(option, "/messages", "queueQos0", false);
      case "connection_messages" -> flag(option, "/logging", "connections", true);
      case "persistent_client_expiration" -> expiration(option);
      default -> tell(option);
    }
  }

  private void tell(ExistingOption option) {
    var reason = NOT_NEEDED.get(option.name());
    var instead = INSTEAD.get(option.name());
    if (reason != null) {
      left.needNot(option, reason);
    } else if (instead != null) {
      left.leaveOut(option, "the operator has no such option", instead);
    } else if (!ELSEWHERE.contains(option.name())) {
      left.leaveOut(option, "Mosquitto 2.1 has no such option, or it is not known here", "");
    }
  }

  private void limit(ExistingOption option, BrokerOption limit) {
    var value = option.number();
    if (value <= 0 && UNLIMITED_BY_DEFAULT.contains(limit)) {
      return;
    }
    if (limit == BrokerOption.MAX_INFLIGHT_MESSAGES && value <= 0) {
      // Mosquitto reads this number as none at all (conf.c).
      value = limit.max();
    }
    if (value < limit.min() || value > limit.max()) {
      left.leaveOut(
          option,
          "limits.%s is %d to %d".formatted(LIMITS.get(limit), limit.min(), limit.max()),
          "Set one of these, or go with Mosquitto's default");
    } else if (limit == BrokerOption.MEMORY_LIMIT) {
      spec.withObject("/limits").put("memory", Long.toString(value));
    } else {
      spec.withObject("/limits").put(LIMITS.get(limit), value);
    }
  }

  private void flag(ExistingOption option, String section, String field, boolean byDefault) {
    if (option.isTrue() != byDefault) {
      spec.withObject(section).put(field, option.isTrue());
    }
  }

  private void expiration(ExistingOption option) {
    var parts = EXPIRATION.matcher(option.word());
    if (!parts.matches()) {
      throw option.refused("a number and one of s, h, d, w, m and y");
    }
    var seconds =
        Long.parseLong(parts.group(1))
            * Optional.ofNullable(SECONDS.get(parts.group(2))).orElse(1L);
    if (seconds > BrokerOption.PERSISTENT_CLIENT_EXPIRATION.max()) {
      left.leaveOut(option, "limits.sessionExpiry is at most 87600h", "Sessions then never end");
    } else {
      spec.withObject("/limits")
          .put("sessionExpiry", seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds + "s");
    }
  }
}
