package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.api.TlsCiphers;
import io.mqttoperator.cli.existing.ExistingListener;
import io.mqttoperator.cli.existing.ExistingOption;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a listener's options into its entry, and says which it cannot. */
final class ListenerOptions {

  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int USUAL_CONNECTIONS = 1000;

  /** Read elsewhere: where who may connect is decided, or for all listeners together. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "acl_file",
          "allow_anonymous",
          "keyfile",
          "listener_allow_anonymous",
          "max_qos",
          "max_topic_alias",
          "maximum_qos",
          "mount_point",
          "password_file",
          "proxy_protocol_v2_require_tls",
          "psk_file",
          "psk_hint",
          "use_identity_as_username",
          "use_subject_as_username");

  private static final String ISSUED =
      "the operator issues certificates of its own, and renews them";

  private static final String NO_CERTIFICATE =
      "it is about clients' certificates, which this listener does not ask for";

  private static final Map<String, String> NOT_NEEDED =
      Map.ofEntries(
          Map.entry("cafile", NO_CERTIFICATE),
          Map.entry("capath", NO_CERTIFICATE),
          Map.entry("crlfile", NO_CERTIFICATE),
          Map.entry("disable_client_cert_date_checks", NO_CERTIFICATE),
          Map.entry("require_certificate", NO_CERTIFICATE),
          Map.entry("dhparamfile", "Mosquitto has not read it since 2.1"),
          Map.entry("tls_engine", ISSUED),
          Map.entry("tls_engine_kpass_sha1", ISSUED),
          Map.entry("tls_keyform", ISSUED));

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("accept_protocol_versions", "All versions of MQTT are taken"),
          Map.entry("allow_zero_length_clientid", "Clients without a client id are given one"),
          Map.entry("auto_id_prefix", "Client ids that the broker makes begin with auto-"),
          Map.entry("listener_auto_id_prefix", "Client ids that the broker makes begin with auto-"),
          Map.entry("bind_interface", "Say who may connect by allowedPeers"),
          Map.entry("http_dir", "Serve the files by another program"),
          Map.entry("max_topic_alias_broker", "Mosquitto's 10 are used"),
          Map.entry("socket_domain", "Set service.ipFamilies of the listener"),
          Map.entry(
              "websockets_origin",
              "Pages of any origin may connect, with a user's password; let a proxy check it"));

  private final ObjectNode entry;
  private final LeftOvers left;
  private final boolean besideKeys;

  /**
   * @param besideKeys whether a listener of the broker takes pre-shared keys: then all speak TLS
   *     1.2 alone
   */
  ListenerOptions(ObjectNode entry, LeftOvers left, boolean besideKeys) {
    this.entry = entry;
    this.left = left;
    this.besideKeys = besideKeys;
  }

  void write(ExistingListener listener) {
    listener.options().stream()
        .filter(option -> listener.option(option.name()).filter(option::equals).isPresent())
        .forEach(this::write);
    if (listener.option("max_connections").isEmpty()) {
      unlimited(listener);
    }
  }

  private void write(ExistingOption option) {
    switch (option.name()) {
      case "max_connections" -> connections(option);
      case "protocol" -> {
        if (option.word().equals("websockets")) {
          entry.put("transport", "Websockets");
        }
      }
      case "certfile" ->
          left.change(
              option,
              ISSUED,
              "Have clients trust ca.crt of the ConfigMap <broker>-trust in place of the old CA, or"
                  + " bring the old certificate: docs/certificates.md");
      case "tls_version" -> version(option);
      case "ciphers" ->
          ciphers(
              option,
              "ciphers",
              entry.path("authentication").asText().equals("PreSharedKey")
                  ? TlsCiphers.WITH_KEY
                  : TlsCiphers.WITH_CERTIFICATE);
      case "ciphers_tls1.3" -> {
        if (besideKeys) {
          left.needNot(option, "where there is a psk_file Mosquitto does not speak TLS 1.3");
        } else {
          ciphers(option, "cipherSuites", TlsCiphers.SUITES);
        }
      }
      case "use_username_as_clientid" -> {
        if (option.isTrue()) {
          entry.put("clientId", "Username");
        }
      }
      case "enable_proxy_protocol" -> entry.put("proxyProtocol", "V" + option.number());
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
      left.leaveOut(option, "it is not known here", "");
    }
  }

  private void connections(ExistingOption option) {
    var most = option.number();
    if (most < 1) {
      left.change(
          option,
          "any number of connections becomes %d at a time".formatted(USUAL_CONNECTIONS),
          "Raise the listener's maxConnections where there are more clients");
    } else if (most > MOST_CONNECTIONS) {
      left.change(option, "it becomes %d".formatted(MOST_CONNECTIONS), "");
      entry.put("maxConnections", MOST_CONNECTIONS);
    } else {
      entry.put("maxConnections", most);
    }
  }

  private void unlimited(ExistingListener listener) {
    left.change(
        listener.place(),
        listener.title(),
        "any number of connections becomes %d at a time".formatted(USUAL_CONNECTIONS),
        "Raise its maxConnections where there are more clients");
  }

  private void version(ExistingOption option) {
    switch (option.text()) {
      case "tlsv1.3" -> tls().put("minVersion", "1.3");
      case "tlsv1.2" -> {}
      default -> left.change(option, "TLS 1.2 is the lowest that is taken", "Update older clients");
    }
  }

  /** A list of names, or an expression of OpenSSL's such as {@code HIGH:!aNULL}. */
  private void ciphers(ExistingOption option, String field, List<String> known) {
    var names = List.of(option.text().split(":", -1));
    if (known.containsAll(names)) {
      var list = tls().putArray(field);
      names.stream().distinct().forEach(list::add);
    } else {
      left.leaveOut(
          option,
          "it names other ciphers than those that tls.%s takes".formatted(field),
          "OpenSSL's own are used; docs/certificates.md lists what can be named");
    }
  }

  private ObjectNode tls() {
    return entry.withObject("/tls");
  }
}
