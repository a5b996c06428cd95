package io.mqttoperator.operator.pki;

import java.security.cert.X509Certificate;
import java.util.List;

/** A certificate for a key that somebody else holds. */
public record KeylessCertificate(List<X509Certificate> chain) implements IssuedCertificate {

  public KeylessCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("there is no certificate");
    }
  }

  /**
   * Reads a chain.
   *
   * @throws InvalidCertificateException if it is not PEM, too large, or out of order
   */
  public static KeylessCertificate parse(byte[] certificatePem) throws InvalidCertificateException {
    List<X509Certificate> chain =
        TrustBundle.parseCertificates(
            "the certificate", certificatePem, KeyAndCertificate.MAX_CHAIN_BYTES);
    KeyAndCertificate.requireChain(chain);
    return new KeylessCertificate(chain);
  }

  @Override
  public String toString() {
    return "KeylessCertificate[serial=" + serialHex() + ", notAfter=" + notAfter() + "]";
  }
}
