package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real TLS handshakes over loopback. Java's TLS knows no clock but the machine's. */
class HandshakeTest {
  private final CertificateIssuer issuer =
      new CertificateIssuer(Samples.at(Instant.now()), Samples.random(5));

  @ParameterizedTest
  @EnumSource(names = {"ECDSA_P256", "ECDSA_P384", "RSA_2048"})
  void bothSidesShowThemselvesInBothVersionsOfTls(KeyAlgorithm algorithm) throws Exception {
    KeyAndCertificate authority = issuer.createAuthority(Samples.authority(algorithm));
    KeyAndCertificate server = issuer.issueServer(authority, Samples.server(algorithm));
    KeyAndCertificate client = issuer.issueClient(authority, Samples.client(algorithm));
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      assertThat(
              handshake(
                  authority, server, client, Set.of(), "b-0.broker-pods.factory.svc", protocol))
          .isEqualTo(Samples.OPERATOR);
    }
  }

  @Test
  void aServerOfAnotherNameAuthorityOrPurposeIsRefused() {
    KeyAndCertificate authority = issuer.createAuthority(Samples.authority(ECDSA_P256));
    KeyAndCertificate server = issuer.issueServer(authority, Samples.server(ECDSA_P256));
    KeyAndCertificate client = issuer.issueClient(authority, Samples.client(ECDSA_P256));
    assertThatThrownBy(
            () -> handshake(authority, server, client, Set.of(), "other.factory.svc", "TLSv1.3"))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("other.factory.svc");
    KeyAndCertificate impostor = issuer.createAuthority(Samples.authority(ECDSA_P256));
    KeyAndCertificate impostors = issuer.issueServer(impostor, Samples.server(ECDSA_P256));
    assertThatThrownBy(() -> handshake(authority, impostors, client, Set.of(), "broker", "TLSv1.3"))
        .isInstanceOf(SSLHandshakeException.class);
    assertThatThrownBy(() -> handshake(authority, client, client, Set.of(), "broker", "TLSv1.3"))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void aRevokedClientOrOneOfAnotherAuthorityOrPurposeIsRefused() {
    KeyAndCertificate authority = issuer.createAuthority(Samples.authority(ECDSA_P256));
    KeyAndCertificate server = issuer.issueServer(authority, Samples.server(ECDSA_P256));
    KeyAndCertificate client = issuer.issueClient(authority, Samples.client(ECDSA_P256));
    Set<String> revoked = Set.of(client.serialHex());
    assertRefusedByServer(
        () -> handshake(authority, server, client, revoked, "broker", "TLSv1.3"), "revoked");
    KeyAndCertificate impostor = issuer.createAuthority(Samples.authority(ECDSA_P256));
    KeyAndCertificate stranger = issuer.issueClient(impostor, Samples.client(ECDSA_P256));
    assertRefusedByServer(
        () -> handshake(authority, server, stranger, Set.of(), "broker", "TLSv1.3"), "");
    assertRefusedByServer(
        () -> handshake(authority, server, server, Set.of(), "broker", "TLSv1.3"), "");
  }

  private static void assertRefusedByServer(ThrowingCallable handshake, String reason) {
    assertThatThrownBy(handshake)
        .isInstanceOf(IOException.class)
        .satisfies(
            thrown ->
                assertThat(thrown.getSuppressed()[0])
                    .hasCauseInstanceOf(SSLHandshakeException.class)
                    .rootCause()
                    .hasMessageContaining(reason));
  }

  /** The client's common name as the server saw it. */
  private String handshake(
      KeyAndCertificate authority,
      KeyAndCertificate server,
      KeyAndCertificate client,
      Set<String> revoked,
      String name,
      String protocol)
      throws Exception {
    SSLContext serverContext = SSLContext.getInstance("TLS");
    serverContext.init(keys(server), clientTrust(authority, revoked).getTrustManagers(), null);
    SSLContext clientContext = SSLContext.getInstance("TLS");
    TrustBundle trust = TrustBundle.parse(authority.certificatePem());
    clientContext.init(keys(client), trust.trustManagerFactory().getTrustManagers(), null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        var listener =
            (SSLServerSocket)
                serverContext.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listener.setNeedClientAuth(true);
      listener.setEnabledProtocols(new String[] {protocol});
      listener.setSoTimeout(20_000);
      Future<String> seen = thread.submit(() -> accept(listener));
      // The name is not looked up: the operator, too, connects to a pod's address.
      try (var socket = new Socket(loopback, listener.getLocalPort());
          var named =
              (SSLSocket)
                  clientContext
                      .getSocketFactory()
                      .createSocket(socket, name, listener.getLocalPort(), true)) {
        named.setSoTimeout(20_000);
        SSLParameters parameters = named.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        named.setSSLParameters(parameters);
        named.startHandshake();
        // With TLS 1.3 a client learns here at the soonest that it was refused.
        named.getInputStream().read();
      } catch (IOException e) {
        e.addSuppressed(
            assertThrows(ExecutionException.class, () -> seen.get(20, TimeUnit.SECONDS)));
        throw e;
      }
      return seen.get(20, TimeUnit.SECONDS);
    }
  }

  private static String accept(SSLServerSocket listener) throws IOException {
    try (var connection = (SSLSocket) listener.accept()) {
      connection.setSoTimeout(20_000);
      connection.startHandshake();
      connection.getOutputStream().write(1);
      return CommonName.of((X509Certificate) connection.getSession().getPeerCertificates()[0]);
    }
  }

  private static KeyManager[] keys(KeyAndCertificate identity) throws InvalidCertificateException {
    return KeyAndCertificate.parse(identity.certificatePem(), identity.keyPem())
        .keyManagerFactory()
        .getKeyManagers();
  }

  private TrustManagerFactory clientTrust(KeyAndCertificate authority, Set<String> revoked)
      throws Exception {
    var entries =
        revoked.stream().map(serial -> RevokedCertificate.of(serial, Instant.now())).toList();
    CertificateRevocationList list = issuer.certificateRevocationList(authority, entries);
    var parameters =
        new PKIXBuilderParameters(
            Set.of(new TrustAnchor(authority.certificate(), null)), new X509CertSelector());
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection", new CollectionCertStoreParameters(List.of(list.crl()))));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    return factory;
  }
}
