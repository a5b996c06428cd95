package io.mqttoperator.api;

/** What holds for listeners, alone and side by side. */
final class ListenerRules {
  static final String NAME = "self.matches('" + Formats.DNS_LABEL + "')";

  static final String NAME_MESSAGE =
      "name the listener with lower-case letters, digits and '-', beginning and ending with a letter"
          + " or digit";

  static final String NOT_PODS = "self != 'pods'";

  static final String NOT_PODS_MESSAGE =
      "name the listener otherwise: the Service <broker>-pods is the operator's";

  static final String NOT_THE_OPERATORS = "self != 8884";

  static final String NOT_THE_OPERATORS_MESSAGE = "use another port: 8884 is the operator's own";

  static final String ANONYMOUS_TAKES_ANY =
      "self.authentication != 'Anonymous' || !has(self.clientId) || self.clientId == 'Any'";

  static final String ANONYMOUS_TAKES_ANY_MESSAGE =
      "leave clientId out or set Any: an Anonymous listener has no username to take it from";

  static final String CHOSEN_CLIENT_ID =
      "self.authentication in ['Password', 'Anonymous'] || !has(self.clientId)"
          + " || self.clientId == 'Username'";

  static final String CHOSEN_CLIENT_ID_MESSAGE =
      "leave clientId out or set Username: only on Password and Anonymous listeners may clients"
          + " choose it";

  static final String PROVEN_BY_TLS =
      "self.authentication in ['Password', 'Anonymous'] || self.tls.enabled";

  static final String PROVEN_BY_TLS_MESSAGE =
      "leave tls.enabled true: only Password and Anonymous listeners can do without TLS";

  private static final String HAS_NO_KEY = "self.authentication != 'PreSharedKey' || ";

  /** Mosquitto 2.1.2 takes pre-shared keys in TLS 1.2 alone. */
  static final String KEY_NEEDS_TLS_1_2 = HAS_NO_KEY + "self.tls.minVersion != '1.3'";

  static final String KEY_NEEDS_TLS_1_2_MESSAGE =
      "leave tls.minVersion \"1.2\": Mosquitto takes pre-shared keys in TLS 1.2 alone";

  static final String KEY_HAS_NO_SUITES = HAS_NO_KEY + "!has(self.tls.cipherSuites)";

  static final String KEY_HAS_NO_SUITES_MESSAGE =
      "leave tls.cipherSuites out: Mosquitto takes pre-shared keys in TLS 1.2 alone; use tls.ciphers";

  static final String KEY_HAS_NO_CERTIFICATE = HAS_NO_KEY + "!has(self.tls.secretRef)";

  static final String KEY_HAS_NO_CERTIFICATE_MESSAGE =
      "leave tls.secretRef out: a PreSharedKey listener shows no certificate";

  /** Where there is a psk_file, Mosquitto 2.1.2 turns TLS 1.3 off on all listeners. */
  static final String KEYS_END_TLS_1_3 =
      "!self.exists(k, k.authentication == 'PreSharedKey') || self.all(l,"
          + " l.authentication == 'PreSharedKey' || !l.tls.enabled"
          + " || (l.tls.minVersion != '1.3' && !has(l.tls.cipherSuites)))";

  static final String KEYS_END_TLS_1_3_MESSAGE =
      "leave tls.minVersion \"1.2\" and tls.cipherSuites out on all listeners, or use another broker"
          + " for pre-shared keys: where a listener takes them, Mosquitto speaks TLS 1.2 alone, on all"
          + " listeners";

  static final String CIPHERS_FIT =
      "!has(self.tls.ciphers) || self.tls.ciphers.all(c,"
          + " c.matches('(^|-)PSK-') == (self.authentication == 'PreSharedKey'))";

  static final String CIPHERS_FIT_MESSAGE =
      "on a PreSharedKey listener name ciphers with PSK, such as ECDHE-PSK-CHACHA20-POLY1305, on"
          + " others those without: the rest cannot be used there";

  static final String AT_LEAST_ONE = "size(self) > 0";

  static final String AT_LEAST_ONE_MESSAGE =
      "add a listener, or leave listeners out to get mqtts on port 8883";

  static final String UNIQUE_PORTS = "self.all(a, self.exists_one(b, b.port == a.port))";

  static final String UNIQUE_PORTS_MESSAGE = "give each listener a port of its own";

  /**
   * Mosquitto 2.1.2 takes no TLS behind a PROXY header: version 2 does not start, 1 lets nobody in.
   */
  static final String PROXY_ENDS_TLS = "!has(self.proxyProtocol) || !self.tls.enabled";

  static final String PROXY_ENDS_TLS_MESSAGE =
      "set tls.enabled to false, or leave proxyProtocol out: Mosquitto cannot speak TLS behind a"
          + " PROXY header, so the proxy has to end TLS";

  /** The default of clientId depends on authentication, so it is worked out here. */
  private static final String IS_USERNAME =
      "(has(l.clientId) ? l.clientId == 'Username' : l.authentication != 'Anonymous')";

  static final String TAKEOVER_ACCEPTED =
      "!self.exists(l, "
          + IS_USERNAME
          + ") || self.all(l, "
          + IS_USERNAME
          + " || l.acceptTakeover)";

  static final String TAKEOVER_ACCEPTED_MESSAGE =
      "a client of a listener with clientId Any (the default of Anonymous) can take over sessions of"
          + " a listener with clientId Username: use one of them for all listeners, or set"
          + " acceptTakeover on the Any listener";

  private ListenerRules() {}
}
