package io.mqttoperator.operator.mosquitto;

import java.util.regex.Pattern;

/**
 * A listener for clients.
 *
 * @param name a DNS label of at most 15 characters; in the file it is a comment
 * @param port 1024 to 65535, but not the operator's own
 * @param clientIdFromUsername the broker gives the client its username as client id, whatever it
 *     asked for; not for {@code ANONYMOUS}, whose clients have none and would all be refused.
 *     Always where there are certificates or pre-shared keys: their sessions are ended by taking
 *     them over
 * @param maxConnections 1 to 1,000,000
 * @param proxyHeader with which every connection has to begin; not with encryption: 2.1.2 refuses
 *     to start with version 2, and with version 1 takes the header for TLS
 * @param tls the default where there is no encryption
 */
public record ListenerConfiguration(
    String name,
    int port,
    ListenerProtocol protocol,
    Encryption encryption,
    ClientAuthentication authentication,
    boolean clientIdFromUsername,
    int maxConnections,
    ProxyHeader proxyHeader,
    TlsSettings tls) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?");
  private static final int MAX_CONNECTIONS = 1_000_000;

  /**
   * @throws IllegalArgumentException if a value is out of its range, or they do not go together
   */
  public ListenerConfiguration {
    require(NAME.matcher(name).matches(), "A listener's name is a DNS label of 1 to 15 characters");
    require(port >= 1024 && port <= 65_535, "A listener's port is 1024 to 65535");
    require(port != InternalListener.PORT, "The port 8884 is the operator's own");
    require(
        maxConnections >= 1 && maxConnections <= MAX_CONNECTIONS,
        "A listener's maxConnections is 1 to 1000000");
    require(
        !clientIdFromUsername || authentication != ClientAuthentication.ANONYMOUS,
        "An anonymous client has no username to be its client id");
    require(
        !authentication.isProvenByTls() || clientIdFromUsername,
        "Where clients show certificates or have pre-shared keys, the username is the client id");
    require(
        !authentication.isProvenByTls() || encryption != Encryption.NONE,
        "Certificates and pre-shared keys are for TLS alone");
    require(
        authentication != ClientAuthentication.PRE_SHARED_KEY
            || (encryption == Encryption.TLS_1_2 && tls.isForKeys()),
        "Pre-shared keys need TLS 1.2 and ciphers of their own, and no certificate");
    require(
        proxyHeader == ProxyHeader.NONE || encryption == Encryption.NONE,
        "Mosquitto takes no TLS behind a PROXY header");
    require(
        encryption != Encryption.NONE || tls.equals(TlsSettings.DEFAULT),
        "A listener without TLS has no certificate and no ciphers");
  }

  /** One that has nothing of its own in TLS. */
  public ListenerConfiguration(
      String name,
      int port,
      ListenerProtocol protocol,
      Encryption encryption,
      ClientAuthentication authentication,
      boolean clientIdFromUsername,
      int maxConnections,
      ProxyHeader proxyHeader) {
    this(
        name,
        port,
        protocol,
        encryption,
        authentication,
        clientIdFromUsername,
        maxConnections,
        proxyHeader,
        TlsSettings.DEFAULT);
  }

  /** Whether it asks for what only TLS 1.3 has. */
  boolean needsTls13() {
    return encryption == Encryption.TLS_1_3 || !tls.cipherSuites().isEmpty();
  }

  /** All that a reload takes set to one value. */
  ListenerConfiguration atStart() {
    return new ListenerConfiguration(
        name,
        port,
        protocol,
        encryption,
        authentication,
        clientIdFromUsername,
        1,
        proxyHeader,
        tls.atStart());
  }

  /** The file of the certificate that it shows. */
  String certificateFile() {
    return tls.ownCertificate()
        ? RevisionFiles.listenerCertificate(name)
        : RevisionFiles.SERVER_CERTIFICATE;
  }

  /** The file of its key. */
  String keyFile() {
    return tls.ownCertificate() ? RevisionFiles.listenerKey(name) : RevisionFiles.SERVER_KEY;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
