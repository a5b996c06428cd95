package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.RevokedCertificate;
import io.mqttoperator.operator.pki.TrustBundle;
import java.io.ByteArrayOutputStream;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose certificates a broker's listeners accept, and which of them not.
 *
 * @param authorities that sign for clients
 * @param revocations a list of each of them, or Mosquitto refuses all that it has signed
 */
record ClientTrust(TrustBundle authorities, List<CertificateRevocationList> revocations) {

  /**
   * An authority, with the stored list where that still says the right thing: signed anew, a list
   * is another, and another revision.
   *
   * @param above what has signed the authority: OpenSSL wants to see a root
   * @param stored lists, as PEM
   */
  static ClientTrust of(
      KeyAndCertificate authority,
      List<X509Certificate> above,
      CertificateLedger ledger,
      Optional<byte[]> stored,
      CertificateIssuer issuer,
      Clock clock) {
    var revoked = ledger.revoked();
    var serials =
        revoked.stream().map(RevokedCertificate::serial).collect(Collectors.toUnmodifiableSet());
    var list =
        stored.map(ClientTrust::parse).orElse(List.of()).stream()
            .filter(known -> known.isCurrent(authority.certificate(), serials, clock.instant()))
            .findFirst()
            .orElseGet(() -> issuer.certificateRevocationList(authority, revoked));
    return new ClientTrust(
        new TrustBundle(Stream.concat(authority.chain().stream(), above.stream()).toList()),
        List.of(list));
  }

  private static List<CertificateRevocationList> parse(byte[] pem) {
    try {
      return CertificateRevocationList.parseAll(pem);
    } catch (InvalidCertificateException unreadable) {
      return List.of();
    }
  }

  byte[] authoritiesPem() {
    return authorities.pem();
  }

  byte[] revocationsPem() {
    var file = new ByteArrayOutputStream();
    revocations.forEach(list -> file.writeBytes(list.pem()));
    return file.toByteArray();
  }

  @Override
  public String toString() {
    return "ClientTrust[" + authorities.certificates().size() + "]";
  }
}
