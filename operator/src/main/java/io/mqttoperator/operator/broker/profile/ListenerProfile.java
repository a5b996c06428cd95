package io.mqttoperator.operator.broker.profile;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.mqttoperator.api.Authentication;
import io.mqttoperator.api.ClientIdPolicy;
import io.mqttoperator.api.Listener;
import io.mqttoperator.api.ListenerService;
import io.mqttoperator.api.ProxyProtocol;
import io.mqttoperator.api.ServiceType;
import io.mqttoperator.api.TlsCiphers;
import io.mqttoperator.api.TlsVersion;
import io.mqttoperator.api.Transport;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.Encryption;
import io.mqttoperator.operator.mosquitto.ListenerConfiguration;
import io.mqttoperator.operator.mosquitto.ListenerProtocol;
import io.mqttoperator.operator.mosquitto.ProxyHeader;
import io.mqttoperator.operator.mosquitto.TlsSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A listener with every default filled in.
 *
 * @param service how it is reached, as asked for
 * @param allowedPeers who may connect; none: anybody
 */
public record ListenerProfile(
    ListenerConfiguration configuration,
    ListenerService service,
    List<NetworkPolicyPeer> allowedPeers) {

  private static final ListenerService IN_CLUSTER =
      new ListenerService(ServiceType.CLUSTER_IP, null, null, null, null, null, null, null, null);

  private static final int DEFAULT_MAX_CONNECTIONS = 1000;

  private static final Listener DEFAULT =
      new Listener("mqtts", 8883, null, null, null, null, null, null, null, null, null);

  /**
   * Fills in the defaults.
   *
   * @throws IllegalArgumentException if a value is of a newer schema: to take another one instead
   *     could let in more than was asked for
   */
  static ListenerProfile of(Listener listener) {
    requireKnown(listener);
    var authentication =
        Optional.ofNullable(listener.authentication()).orElse(Authentication.PASSWORD);
    var anonymous = authentication == Authentication.ANONYMOUS;
    var clientId =
        Optional.ofNullable(listener.clientId())
            .orElse(anonymous ? ClientIdPolicy.ANY : ClientIdPolicy.USERNAME);
    return new ListenerProfile(
        new ListenerConfiguration(
            listener.name(),
            listener.port(),
            listener.transport() == Transport.WEBSOCKETS
                ? ListenerProtocol.WEBSOCKETS
                : ListenerProtocol.MQTT,
            encryption(listener),
            proof(authentication),
            clientId == ClientIdPolicy.USERNAME,
            Optional.ofNullable(listener.maxConnections()).orElse(DEFAULT_MAX_CONNECTIONS),
            header(listener.proxyProtocol()),
            tls(listener)),
        Optional.ofNullable(listener.service()).orElse(IN_CLUSTER),
        Optional.ofNullable(listener.allowedPeers()).orElse(List.of()));
  }

  /** The listener of a broker that names none. */
  static ListenerProfile ofDefault() {
    return of(DEFAULT);
  }

  /**
   * By its name, how many connections each listener takes, whatever else is wrong with the spec.
   */
  public static Map<String, Integer> maxConnections(@Nullable List<Listener> asked) {
    var most = new LinkedHashMap<String, Integer>();
    for (var listener : asked == null || asked.isEmpty() ? List.of(DEFAULT) : asked) {
      most.put(
          listener.name(),
          Optional.ofNullable(listener.maxConnections()).orElse(DEFAULT_MAX_CONNECTIONS));
    }
    return most;
  }

  private static ClientAuthentication proof(Authentication asked) {
    return switch (asked) {
      case PASSWORD -> ClientAuthentication.PASSWORD;
      case CERTIFICATE -> ClientAuthentication.CERTIFICATE;
      case CERTIFICATE_AND_PASSWORD -> ClientAuthentication.CERTIFICATE_AND_PASSWORD;
      case PRE_SHARED_KEY -> ClientAuthentication.PRE_SHARED_KEY;
      case ANONYMOUS -> ClientAuthentication.ANONYMOUS;
      case UNKNOWN -> throw new IllegalArgumentException("refused above");
    };
  }

  private static void requireKnown(Listener listener) {
    var unknown = new ArrayList<String>();
    if (listener.transport() == Transport.UNKNOWN) {
      unknown.add("transport");
    }
    if (listener.authentication() == Authentication.UNKNOWN) {
      unknown.add("authentication");
    }
    if (listener.clientId() == ClientIdPolicy.UNKNOWN) {
      unknown.add("clientId");
    }
    if (listener.tls() != null && listener.tls().minVersion() == TlsVersion.UNKNOWN) {
      unknown.add("tls.minVersion");
    }
    if (listener.service() != null && listener.service().type() == ServiceType.UNKNOWN) {
      unknown.add("service.type");
    }
    if (listener.proxyProtocol() == ProxyProtocol.UNKNOWN) {
      unknown.add("proxyProtocol");
    }
    if (listener.allowedPeers() != null && !areKnown(listener.allowedPeers())) {
      unknown.add("allowedPeers");
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          ("spec.listeners, %s: this version of the operator does not know the value of %s. Set"
                  + " another, or run a newer operator.")
              .formatted(listener.name(), String.join(", ", unknown)));
    }
  }

  /** An empty list, or a peer without what narrows it, would let in anybody. */
  private static boolean areKnown(List<NetworkPolicyPeer> peers) {
    return !peers.isEmpty()
        && peers.stream()
            .allMatch(
                peer ->
                    peer.getAdditionalProperties().isEmpty()
                        && (peer.getIpBlock() == null)
                            == (peer.getPodSelector() != null
                                || peer.getNamespaceSelector() != null));
  }

  private static Encryption encryption(Listener listener) {
    var tls = listener.tls();
    if (tls == null) {
      return Encryption.TLS_1_2;
    }
    if (Boolean.FALSE.equals(tls.enabled())) {
      return Encryption.NONE;
    }
    return tls.minVersion() == TlsVersion.TLS_1_3 ? Encryption.TLS_1_3 : Encryption.TLS_1_2;
  }

  private static TlsSettings tls(Listener listener) {
    var asked = listener.tls();
    if (listener.authentication() == Authentication.PRE_SHARED_KEY) {
      var ciphers =
          asked == null || asked.ciphers() == null
              ? TlsCiphers.WITH_KEY_FORWARD_SECRET
              : asked.ciphers();
      return new TlsSettings(
          false, known(listener, "ciphers", ciphers, TlsCiphers.WITH_KEY), List.of());
    }
    if (asked == null || Boolean.FALSE.equals(asked.enabled())) {
      return TlsSettings.DEFAULT;
    }
    return new TlsSettings(
        asked.secretRef() != null,
        known(listener, "ciphers", asked.ciphers(), TlsCiphers.WITH_CERTIFICATE),
        known(listener, "cipherSuites", asked.cipherSuites(), TlsCiphers.SUITES));
  }

  /** The schema refuses others; that of a newer version may not. */
  private static List<String> known(
      Listener listener, String field, @Nullable List<String> asked, List<String> known) {
    var names = Optional.ofNullable(asked).orElse(List.of());
    names.stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  ("spec.listeners, %s: tls.%s holds a cipher that Mosquitto does not take, or that is"
                          + " broken: use those that docs/certificates.md lists.")
                      .formatted(listener.name(), field));
            });
    return names;
  }

  private static ProxyHeader header(@Nullable ProxyProtocol asked) {
    return asked == null
        ? ProxyHeader.NONE
        : asked == ProxyProtocol.V1 ? ProxyHeader.V1 : ProxyHeader.V2;
  }

  public String name() {
    return configuration.name();
  }

  public int port() {
    return configuration.port();
  }

  public ServiceType type() {
    return Optional.ofNullable(service.type()).orElse(ServiceType.CLUSTER_IP);
  }

  /** Whether it has a Service of its own, through which it is reached from outside. */
  public boolean isExposed() {
    return type() == ServiceType.NODE_PORT || type() == ServiceType.LOAD_BALANCER;
  }

  /** Its port at the Service that has all listeners. */
  public int servicePort() {
    return isExposed() ? port() : exposedPort();
  }

  /** Its port at a Service of its own. */
  public int exposedPort() {
    return Optional.ofNullable(service.port()).orElseGet(this::port);
  }

  /** Whether only a proxy can connect. */
  public boolean expectsProxy() {
    return configuration.proxyHeader() != ProxyHeader.NONE;
  }

  public boolean isEncrypted() {
    return configuration.encryption() != Encryption.NONE;
  }

  /** How its clients prove who they are. */
  public ClientAuthentication authentication() {
    return configuration.authentication();
  }

  /** Whether clients prove by a pre-shared key who they are; it then shows no certificate. */
  public boolean takesKeys() {
    return authentication() == ClientAuthentication.PRE_SHARED_KEY;
  }

  /** Whether clients need no name. */
  public boolean isAnonymous() {
    return authentication() == ClientAuthentication.ANONYMOUS;
  }

  /** Whether it shows a certificate of its own rather than the broker's. */
  public boolean hasOwnCertificate() {
    return configuration.tls().ownCertificate();
  }

  public boolean isWebsockets() {
    return configuration.protocol() == ListenerProtocol.WEBSOCKETS;
  }

  /** {@code mqtts}, {@code mqtt}, {@code wss} or {@code ws}, as in a URI. */
  public String scheme() {
    return (isWebsockets() ? "ws" : "mqtt") + (isEncrypted() ? "s" : "");
  }
}
