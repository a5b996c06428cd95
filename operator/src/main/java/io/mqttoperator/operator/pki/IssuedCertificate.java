package io.mqttoperator.operator.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A certificate and those of its issuers, whether its key is known here or not. */
public sealed interface IssuedCertificate permits KeyAndCertificate, KeylessCertificate {

  /** The key's own certificate, then that of its issuer, and so on. At least one. */
  List<X509Certificate> chain();

  /** The key's own certificate: the first of the chain. */
  default X509Certificate certificate() {
    return chain().get(0);
  }

  /** The chain as PEM. */
  default byte[] certificatePem() {
    return TrustBundle.pem(chain());
  }

  /** The serial number in lower-case hex, with an even number of digits. */
  default String serialHex() {
    String hex = certificate().getSerialNumber().toString(16).toLowerCase(Locale.ROOT);
    return hex.length() % 2 == 0 ? hex : "0" + hex;
  }

  default Instant notBefore() {
    return certificate().getNotBefore().toInstant();
  }

  /** The last instant at which the certificate is valid. */
  default Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** Whether an authority has signed it, and for a client of this name. */
  default boolean isIssuedTo(String commonName, KeyAndCertificate authority) {
    return KeyAndCertificate.isSignedBy(certificate(), authority.certificate())
        && CommonName.of(certificate()).equals(commonName);
  }
}
