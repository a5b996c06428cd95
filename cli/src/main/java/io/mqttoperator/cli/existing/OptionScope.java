package io.mqttoperator.cli.existing;

import java.util.Set;

/** What an option of {@code mosquitto.conf} is about (src/conf.c, {@code REQUIRE_…}). */
enum OptionScope {
  BROKER,
  LISTENER,
  /** Of the broker; of the listener before it with {@code per_listener_settings true}. */
  SECURITY,
  BRIDGE;

  private static final Set<String> OF_LISTENERS =
      Set.of(
          "accept_protocol_versions",
          "bind_interface",
          "cafile",
          "capath",
          "certfile",
          "ciphers",
          "ciphers_tls1.3",
          "crlfile",
          "dhparamfile",
          "disable_client_cert_date_checks",
          "enable_proxy_protocol",
          "http_dir",
          "keyfile",
          "listener_allow_anonymous",
          "listener_auto_id_prefix",
          "max_connections",
          "max_qos",
          "max_topic_alias",
          "max_topic_alias_broker",
          "maximum_qos",
          "mount_point",
          "protocol",
          "proxy_protocol_v2_require_tls",
          "psk_hint",
          "require_certificate",
          "socket_domain",
          "tls_engine",
          "tls_engine_kpass_sha1",
          "tls_keyform",
          "tls_version",
          "use_identity_as_username",
          "use_subject_as_username",
          "use_username_as_clientid",
          "websockets_origin");

  private static final Set<String> OF_SECURITY =
      Set.of(
          "acl_file",
          "allow_anonymous",
          "allow_zero_length_clientid",
          "auto_id_prefix",
          "password_file",
          "psk_file");

  private static final Set<String> OF_BRIDGES =
      Set.of(
          "address",
          "addresses",
          "cleansession",
          "clientid",
          "idle_timeout",
          "keepalive_interval",
          "local_cleansession",
          "local_clientid",
          "local_password",
          "local_username",
          "notification_topic",
          "notifications",
          "notifications_local_only",
          "password",
          "remote_clientid",
          "remote_password",
          "remote_username",
          "restart_timeout",
          "round_robin",
          "start_type",
          "threshold",
          "topic",
          "try_private",
          "username");

  static OptionScope of(String option) {
    if (OF_LISTENERS.contains(option)) {
      return LISTENER;
    }
    if (OF_SECURITY.contains(option)) {
      return SECURITY;
    }
    return OF_BRIDGES.contains(option) || option.startsWith("bridge_") ? BRIDGE : BROKER;
  }
}
