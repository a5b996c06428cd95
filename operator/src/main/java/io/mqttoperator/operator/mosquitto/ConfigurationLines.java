package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.List;

/** The lines of {@code mosquitto.conf}, section by section. */
final class ConfigurationLines {
  static final String INTERNAL_COMMENT = "# operator";

  static final String USE_IDENTITY = "use_identity_as_username ";

  static final String WEBSOCKETS = "protocol websockets";

  static final String WRITTEN_BY = "# Written by mqtt-operator: a change made here is lost.";

  /**
   * For all listeners; without any that needs it, no line, so that no broker starts anew for it.
   */
  static final String KEYS = "psk_file " + BrokerConfiguration.path(RevisionFiles.KEYS);

  /**
   * Makes a listener one of pre-shared keys. Clients need no hint: the username is the identity.
   */
  static final String HINT = "psk_hint mqtt";

  static final List<String> GLOBAL_BEFORE_AUTOSAVE =
      List.of(
          "allow_anonymous false",
          // Deprecated in 2.1 for plugins whose paths differ between distributions.
          "password_file " + BrokerConfiguration.path("passwords"),
          "acl_file " + BrokerConfiguration.path("acl"),
          // The manual of 2.1.2 says that it is true without this line; it is false.
          "check_retain_source false",
          "persistence true",
          "persistence_location /mosquitto/data/");

  static final List<String> GLOBAL_AFTER_AUTOSAVE =
      List.of(
          // Without it a TLS 1.3 login waits 40 ms for the peer's delayed acknowledgement.
          "set_tcp_nodelay true", "log_dest stderr");

  /** Of TLS 1.2 no more than is as good as TLS 1.3, for the keys that the operator makes itself. */
  private static final List<String> INTERNAL_TLS_1_2 =
      List.of(
          "tls_version tlsv1.2",
          "ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384");

  private ConfigurationLines() {}

  static List<String> of(BrokerOptions options) {
    var lines = new ArrayList<>(options.logLines());
    lines.add("connection_messages " + options.connectionMessages());
    lines.addAll(options.lines(BrokerOption.ofBroker()));
    return lines;
  }

  static List<String> of(ListenerConfiguration listener, BrokerOptions options) {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("# " + listener.name());
    lines.add("listener " + listener.port());
    if (listener.protocol() == ListenerProtocol.WEBSOCKETS) {
      lines.add(WEBSOCKETS);
    }
    if (listener.proxyHeader() != ProxyHeader.NONE) {
      lines.add(listener.proxyHeader().line());
    }
    lines.add(
        "listener_allow_anonymous "
            + (listener.authentication() == ClientAuthentication.ANONYMOUS));
    lines.add("use_username_as_clientid " + listener.clientIdFromUsername());
    lines.add("max_connections " + listener.maxConnections());
    lines.addAll(options.lines(BrokerOption.ofListeners()));
    String version =
        switch (listener.encryption()) {
          case NONE -> "";
          case TLS_1_2 -> "tlsv1.2";
          case TLS_1_3 -> "tlsv1.3";
        };
    if (!version.isEmpty()) {
      if (listener.authentication() == ClientAuthentication.PRE_SHARED_KEY) {
        lines.add(HINT);
        lines.add(USE_IDENTITY + true);
      } else {
        lines.add("certfile " + BrokerConfiguration.path(listener.certificateFile()));
        lines.add("keyfile " + BrokerConfiguration.path(listener.keyFile()));
      }
      lines.add("tls_version " + version);
      lines.addAll(listener.tls().lines());
    }
    if (listener.authentication().needsCertificate()) {
      lines.addAll(
          mutualTls(
              RevisionFiles.CLIENT_AUTHORITIES,
              RevisionFiles.CLIENT_REVOCATIONS,
              listener.authentication() == ClientAuthentication.CERTIFICATE));
    }
    return lines;
  }

  /**
   * Lines of a listener that asks for certificates.
   *
   * @param nameIsUsername whether the common name is the username, so that no password is asked for
   */
  private static List<String> mutualTls(
      String authorities, String revocations, boolean nameIsUsername) {
    return List.of(
        "cafile " + BrokerConfiguration.path(authorities),
        // With a CRL Mosquitto builds the TLS context anew at SIGHUP, and so takes a new cafile.
        "crlfile " + BrokerConfiguration.path(revocations),
        "require_certificate true",
        USE_IDENTITY + nameIsUsername);
  }

  /**
   * Lines of the operator's own listener.
   *
   * @param takesKeys whether another takes pre-shared keys: where there is a {@code psk_file},
   *     Mosquitto 2.1.2 turns TLS 1.3 off on all listeners (net.c, SSL_OP_NO_TLSv1_3)
   */
  static List<String> of(InternalListener listener, boolean takesKeys) {
    var lines =
        new ArrayList<>(
            List.of(
                "",
                INTERNAL_COMMENT,
                "listener " + InternalListener.PORT,
                "listener_allow_anonymous false",
                "use_username_as_clientid true",
                "max_connections " + listener.maxConnections(),
                "certfile " + BrokerConfiguration.path(RevisionFiles.INTERNAL_CERTIFICATE),
                "keyfile " + BrokerConfiguration.path(RevisionFiles.INTERNAL_KEY)));
    lines.addAll(takesKeys ? INTERNAL_TLS_1_2 : List.of("tls_version tlsv1.3"));
    lines.addAll(
        mutualTls(RevisionFiles.INTERNAL_AUTHORITY, RevisionFiles.INTERNAL_REVOCATIONS, true));
    return lines;
  }
}
