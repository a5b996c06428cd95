package io.mqttoperator.e2e;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The server certificate that a new connection is shown, verified with its name. */
record ShownCertificate(X509Certificate certificate) {

  private static final int LIMIT_MILLIS = 15_000;

  /**
   * Makes a full handshake.
   *
   * @throws IOException if it fails, or the certificate is not to be trusted
   */
  static ShownCertificate at(InetSocketAddress address, TrustManagerFactory trust)
      throws IOException {
    try (var plain = new Socket()) {
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      plain.connect(address, LIMIT_MILLIS);
      plain.setSoTimeout(LIMIT_MILLIS);
      var socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true);
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new ShownCertificate((X509Certificate) socket.getSession().getPeerCertificates()[0]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  BigInteger serial() {
    return certificate.getSerialNumber();
  }

  /** DNS names and addresses, as text. */
  List<String> names() {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(List::copyOf).map(List::getLast).map(String::valueOf).toList();
    } catch (CertificateParsingException e) {
      throw new IllegalStateException(e);
    }
  }
}
