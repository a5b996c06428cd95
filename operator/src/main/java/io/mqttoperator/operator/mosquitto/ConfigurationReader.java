package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code mosquitto.conf} as strictly as it is written: any other line is an error. */
final class ConfigurationReader {
  private static final String NAME = RevisionFiles.CONFIGURATION;
  private final byte[] content;
  private final List<String> lines;
  private final Map<BrokerOption, Long> options = new EnumMap<>(BrokerOption.class);
  private int next;

  ConfigurationReader(byte[] content) {
    this.content = content.clone();
    this.lines = TextFile.parse(NAME, content);
  }

  BrokerConfiguration read() {
    expect(ConfigurationLines.WRITTEN_BY);
    if (StartDigest.isLine(peek())) { // that it is the right one is found in the end
      next++;
    }
    ConfigurationLines.GLOBAL_BEFORE_AUTOSAVE.forEach(this::expect);
    skip(ConfigurationLines.KEYS); // whether it belongs there is found in the end
    int autosaveSeconds = number("autosave_interval");
    ConfigurationLines.GLOBAL_AFTER_AUTOSAVE.forEach(this::expect);
    var logTypes = logTypes();
    boolean connectionMessages = flag("connection_messages");
    options(BrokerOption.ofBroker());
    var listeners = new ArrayList<ListenerConfiguration>();
    expect("");
    while (!peek().equals(ConfigurationLines.INTERNAL_COMMENT) || !listenerIsInternal()) {
      listeners.add(listener());
      expect("");
    }
    var configuration =
        new BrokerConfiguration(
            listeners,
            internal(),
            autosaveSeconds,
            new BrokerOptions(options, logTypes, connectionMessages));
    TextFile.requireCanonical(NAME, content, configuration.render());
    return configuration;
  }

  private ListenerConfiguration listener() {
    String name = value("#");
    int port = number("listener");
    ListenerProtocol protocol = protocol();
    ProxyHeader proxyHeader = proxyHeader();
    boolean anonymous = flag("listener_allow_anonymous");
    boolean clientIdFromUsername = flag("use_username_as_clientid");
    int maxConnections = number("max_connections");
    options(BrokerOption.ofListeners());
    Encryption encryption = Encryption.NONE;
    TlsSettings tls = TlsSettings.DEFAULT;
    boolean takesKeys = skip(ConfigurationLines.HINT);
    if (takesKeys || peek().startsWith("certfile ")) {
      boolean ownCertificate = !takesKeys && certificate();
      if (takesKeys) {
        expect(ConfigurationLines.USE_IDENTITY + true);
      }
      encryption = value("tls_version").equals("tlsv1.3") ? Encryption.TLS_1_3 : Encryption.TLS_1_2;
      tls =
          new TlsSettings(
              ownCertificate, names(TlsSettings.CIPHERS), names(TlsSettings.CIPHER_SUITES));
    }
    ClientAuthentication authentication =
        anonymous
            ? ClientAuthentication.ANONYMOUS
            : takesKeys ? ClientAuthentication.PRE_SHARED_KEY : certificates();
    return new ListenerConfiguration(
        name,
        port,
        protocol,
        encryption,
        authentication,
        clientIdFromUsername,
        maxConnections,
        proxyHeader,
        tls);
  }

  /** Whether it is another than the broker's; of a listener of pre-shared keys there is none. */
  private boolean certificate() {
    boolean isOwn =
        !value("certfile").equals(BrokerConfiguration.path(RevisionFiles.SERVER_CERTIFICATE));
    value("keyfile");
    return isOwn;
  }

  private boolean skip(String line) {
    if (peek().equals(line)) {
      next++;
      return true;
    }
    return false;
  }

  private List<String> names(String option) {
    return peek().startsWith(option + " ") ? List.of(value(option).split(":", -1)) : List.of();
  }

  /** Which of the files is named is found in the end. */
  private ClientAuthentication certificates() {
    if (!peek().startsWith("cafile ")) {
      return ClientAuthentication.PASSWORD;
    }
    value("cafile");
    value("crlfile");
    expect("require_certificate true");
    return value(ConfigurationLines.USE_IDENTITY.strip()).equals("true")
        ? ClientAuthentication.CERTIFICATE
        : ClientAuthentication.CERTIFICATE_AND_PASSWORD;
  }

  private ListenerProtocol protocol() {
    return skip(ConfigurationLines.WEBSOCKETS)
        ? ListenerProtocol.WEBSOCKETS
        : ListenerProtocol.MQTT;
  }

  private ProxyHeader proxyHeader() {
    for (ProxyHeader header : ProxyHeader.values()) {
      if (header != ProxyHeader.NONE && peek().equals(header.line())) {
        next++;
        return header;
      }
    }
    return ProxyHeader.NONE;
  }

  private Set<LogType> logTypes() {
    var found = EnumSet.noneOf(LogType.class);
    for (LogType type : LogType.values()) {
      if (peek().equals("log_type " + type.key())) {
        found.add(type);
        next++;
      }
    }
    return found;
  }

  /** Those that are there; one that differs from listener to listener is found in the end. */
  private void options(List<BrokerOption> expected) {
    for (BrokerOption option : expected) {
      option
          .read(peek())
          .ifPresent(
              value -> {
                options.put(option, value);
                next++;
              });
    }
  }

  private InternalListener internal() {
    next += 4;
    return new InternalListener(number("max_connections"));
  }

  /** A user's listener may be called "operator" too; its port tells them apart. */
  private boolean listenerIsInternal() {
    return next + 1 < lines.size()
        && lines.get(next + 1).equals("listener " + InternalListener.PORT);
  }

  private String peek() {
    return next < lines.size() ? lines.get(next) : "";
  }

  private void expect(String line) {
    if (next >= lines.size() || !lines.get(next).equals(line)) {
      throw unexpected("'" + line + "'");
    }
    next++;
  }

  private String value(String option) {
    String prefix = option + " ";
    if (!peek().startsWith(prefix)) {
      throw unexpected("'" + option + "'");
    }
    return lines.get(next++).substring(prefix.length());
  }

  private boolean flag(String option) {
    return value(option).equals("true");
  }

  private int number(String option) {
    String value = value(option);
    if (!value.matches("[1-9][0-9]{0,8}")) {
      next--;
      throw unexpected("a number after '" + option + "'");
    }
    return Integer.parseInt(value);
  }

  private IllegalArgumentException unexpected(String expected) {
    return new IllegalArgumentException(
        "%s, line %d: expected %s".formatted(NAME, next + 1, expected));
  }
}
