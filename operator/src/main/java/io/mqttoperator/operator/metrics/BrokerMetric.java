package io.mqttoperator.operator.metrics;

import io.mqttoperator.operator.mqtt.BrokerFigure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A metric of brokers. No label holds a username, a client id or a topic, so their number grows
 * with brokers, pods and listeners alone.
 */
enum BrokerMetric {
  CONDITION(
      "condition",
      "Whether a condition of the MqttBroker has this status (true, false, unknown): 1 for one of them",
      "condition",
      "status"),
  CONDITION_REASON(
      "condition_reason",
      "Why a condition of the MqttBroker is not True: always 1",
      "condition",
      "reason"),
  CONDITION_CHANGED(
      "condition_last_transition_timestamp_seconds",
      "Since when a condition of the MqttBroker has its status",
      "condition"),
  REPLICAS("replicas", "Pods that there are"),
  REPLICAS_READY("replicas_ready", "Pods that are ready"),
  REPLICAS_WANTED("replicas_wanted", "Pods that are asked for"),
  PODS_ENFORCING("pods_enforcing", "Pods that have been seen to enforce the newest access files"),
  USERS("users", "MqttUsers, by the status of their condition Ready", "ready"),
  ACLS("acls", "MqttAcls, by the status of their condition Ready", "ready"),
  RULES("rules", "Rules of all accepted MqttAcls"),
  WARNINGS("warnings", "Sentences in the status of the MqttBroker: what is allowed and not safe"),
  LISTENER_LIMIT(
      "listener_max_connections", "Connections that a listener takes, on each pod", "listener"),
  CERTIFICATE_END(
      "certificate_expiration_timestamp_seconds",
      "When a certificate of the broker ends",
      "certificate"),
  CERTIFICATE_RENEWAL(
      "certificate_renewal_timestamp_seconds",
      "When the operator renews a certificate of the broker",
      "certificate"),
  CLIENT_CERTIFICATES("client_certificates", "MqttUsers that have a certificate"),
  CLIENT_CERTIFICATES_DUE(
      "client_certificates_overdue",
      "MqttUsers whose certificate should have been renewed an hour ago or longer, and was not"),
  CLIENT_CERTIFICATE_END(
      "client_certificate_expiration_timestamp_seconds",
      "When the first of the MqttUsers' newest certificates ends"),
  ACCESS_ENFORCED(
      "access_enforced",
      "Whether a pod has been seen to enforce the newest access files: 1 or 0",
      "pod"),
  ACCESS_SINCE(
      "access_enforced_since_timestamp_seconds",
      "When a pod was first seen to enforce the access files that it was last seen to enforce",
      "pod"),
  LONGEST_ANSWER(
      "access_reload_longest_answer_seconds",
      "The longest that Mosquitto let the operator wait for an answer while it took these access files",
      "pod"),
  CLIENTS_CONNECTED(
      "clients_connected", "Clients that are connected", BrokerFigure.CLIENTS_CONNECTED),
  SESSIONS("sessions", "Sessions, of clients that are connected or not", BrokerFigure.SESSIONS),
  SESSIONS_EXPIRED(
      "sessions_expired",
      "Sessions that have ended by their expiry",
      BrokerFigure.SESSIONS_EXPIRED),
  SOCKETS(
      "sockets", "Open connections, of clients that have not logged in too", BrokerFigure.SOCKETS),
  BYTES_RECEIVED("received_bytes", "Bytes received", BrokerFigure.BYTES_RECEIVED),
  BYTES_SENT("sent_bytes", "Bytes sent", BrokerFigure.BYTES_SENT),
  PACKETS_RECEIVED(
      "packets_received", "MQTT packets received, of all types", BrokerFigure.PACKETS_RECEIVED),
  PACKETS_SENT("packets_sent", "MQTT packets sent, of all types", BrokerFigure.PACKETS_SENT),
  PUBLISHED("messages_received", "Messages that clients published", BrokerFigure.PUBLISHED),
  DELIVERED("messages_sent", "Messages sent to subscribers", BrokerFigure.DELIVERED),
  DROPPED("messages_dropped", "Messages dropped, since a queue was full", BrokerFigure.DROPPED),
  RETAINED("messages_retained", "Retained messages, those of $SYS too", BrokerFigure.RETAINED),
  STORED("messages_stored", "Messages held, retained and queued", BrokerFigure.STORED),
  STORED_BYTES("messages_stored_bytes", "Bytes of the messages held", BrokerFigure.STORED_BYTES),
  SUBSCRIPTIONS("subscriptions", "Subscriptions", BrokerFigure.SUBSCRIPTIONS),
  SHARED_SUBSCRIPTIONS(
      "shared_subscriptions", "Shared subscriptions", BrokerFigure.SHARED_SUBSCRIPTIONS),
  HEAP("heap_bytes", "Memory that Mosquitto has allocated", BrokerFigure.HEAP_BYTES),
  HEAP_MAX(
      "heap_max_bytes",
      "The most memory that Mosquitto had allocated since its start",
      BrokerFigure.HEAP_MAX_BYTES),
  SEND_QUEUE("send_queue_packets", "Packets that wait to be sent", BrokerFigure.SEND_QUEUE),
  SEND_QUEUE_BYTES(
      "send_queue_bytes", "Bytes of packets that wait to be sent", BrokerFigure.SEND_QUEUE_BYTES),
  UPTIME("uptime_seconds", "Since the start of Mosquitto", BrokerFigure.UPTIME_SECONDS);

  private final String nameOfBrokers;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // it is List.of
  private final List<String> ownLabels;

  private final @Nullable BrokerFigure figure;

  BrokerMetric(String name, String help, String... labels) {
    this.nameOfBrokers = name;
    this.help = help;
    this.ownLabels = List.of(labels);
    this.figure = null;
  }

  /** One that each pod tells of itself. */
  BrokerMetric(String name, String help, BrokerFigure figure) {
    this.nameOfBrokers = name;
    this.help = help;
    this.ownLabels = List.of("pod");
    this.figure = figure;
  }

  /** Without the {@code _total} that counters are shown with. */
  String metricName() {
    return "mqtt_broker_" + nameOfBrokers;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return Stream.concat(Stream.of("namespace", "broker"), ownLabels.stream()).toList();
  }

  boolean isCounter() {
    return figure != null && figure.isCounter();
  }

  Optional<BrokerFigure> figure() {
    return Optional.ofNullable(figure);
  }
}
