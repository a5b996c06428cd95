package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.pki.IssuedCertificate;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The authorities that clients' certificates may be of.
 *
 * @param trusted at least one; the first issues
 * @param above what has signed them, as far as that is known: OpenSSL wants to see a root
 */
public record ClientAuthorities(List<KeyAndCertificate> trusted, List<X509Certificate> above) {

  public KeyAndCertificate issuing() {
    return trusted.getFirst();
  }

  /** The one of them that has signed it, and for a client of this name. */
  public Optional<KeyAndCertificate> issuerOf(IssuedCertificate certificate, String commonName) {
    return trusted.stream().filter(each -> certificate.isIssuedTo(commonName, each)).findFirst();
  }

  /** All that a client's certificate is verified with. */
  public List<X509Certificate> certificates() {
    return Stream.concat(trusted.stream().flatMap(each -> each.chain().stream()), above.stream())
        .toList();
  }
}
