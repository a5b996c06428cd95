package io.mqttoperator.operator.pki;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates in one PEM file, in their order and each once: the {@code ca.crt} that clients
 * trust.
 *
 * @param certificates at least one
 */
public record TrustBundle(List<X509Certificate> certificates) {
  /** The most bytes of a bundle: twice the size of the bundle that Linux distributions ship. */
  public static final int MAX_BYTES = 512 * 1024;

  public TrustBundle {
    certificates = certificates.stream().distinct().toList();
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("a trust bundle needs at least one certificate");
    }
  }

  /**
   * Reads a bundle.
   *
   * @throws InvalidCertificateException if it is not PEM, too large, or holds anything but
   *     certificates
   */
  public static TrustBundle parse(byte[] pem) throws InvalidCertificateException {
    return new TrustBundle(parseCertificates("the CA bundle", pem, MAX_BYTES));
  }

  /** The certificates as PEM. */
  public byte[] pem() {
    return pem(certificates);
  }

  /** Trust in these certificates alone. */
  public TrustManagerFactory trustManagerFactory() {
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      for (X509Certificate certificate : certificates) {
        anchors.setCertificateEntry("ca-" + anchors.size(), certificate);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime cannot hold certificates in memory", e);
    }
  }

  static byte[] pem(List<X509Certificate> certificates) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      for (X509Certificate certificate : certificates) {
        file.writeBytes(new PemBlock("CERTIFICATE", certificate.getEncoded()).pem());
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
    return file.toByteArray();
  }

  static List<X509Certificate> parseCertificates(String what, byte[] pem, int limit)
      throws InvalidCertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemBlock block : PemBlock.parse(what, pem, limit)) {
      if (block.label().endsWith("PRIVATE KEY")) {
        throw new InvalidCertificateException(
            what
                + " holds a private key: certificates are public, keep the key in a file of its own");
      }
      if (!block.label().equals("CERTIFICATE")) {
        throw new InvalidCertificateException(
            what + " holds a " + block.label() + " block: only CERTIFICATE blocks are expected");
      }
      certificates.add(parseDer(what, certificates.size() + 1, block.content()));
    }
    return List.copyOf(certificates);
  }

  private static X509Certificate parseDer(String what, int number, byte[] der)
      throws InvalidCertificateException {
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      // The factory reads one certificate and passes over what follows it.
      if (certificate.getEncoded().length == der.length) {
        return certificate;
      }
    } catch (CertificateException | RuntimeException e) {
      // Said below: the parser's own message could quote the content.
    }
    throw new InvalidCertificateException(
        what + ": block " + number + " is not an X.509 certificate");
  }
}
