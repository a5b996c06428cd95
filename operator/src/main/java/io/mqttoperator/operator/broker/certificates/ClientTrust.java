package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.RevokedCertificate;
import io.mqttoperator.operator.pki.TrustBundle;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whose certificates a broker's listeners accept, and which of them not.
 *
 * @param authorities that sign for clients
 * @param revocations a list of each of them, or Mosquitto refuses all that it has signed
 * @param listed what stands on those lists
 */
public record ClientTrust(
    TrustBundle authorities,
    List<CertificateRevocationList> revocations,
    ListedRevocations listed) {

  /**
   * Authorities, each with the stored list where that still says the right thing: signed anew, a
   * list is another, and another revision.
   *
   * @param listed what is to stand on the lists
   * @param stored lists, as PEM
   */
  public static ClientTrust of(
      ClientAuthorities authorities,
      ListedRevocations listed,
      Optional<byte[]> stored,
      CertificateIssuer issuer,
      Clock clock) {
    var known = stored.map(ClientTrust::parse).orElse(List.of());
    var lists =
        authorities.trusted().stream()
            .map(authority -> list(authority, listed, known, issuer, clock))
            .toList();
    return new ClientTrust(new TrustBundle(authorities.certificates()), lists, listed);
  }

  private static CertificateRevocationList list(
      KeyAndCertificate authority,
      ListedRevocations listed,
      List<CertificateRevocationList> known,
      CertificateIssuer issuer,
      Clock clock) {
    var revoked = listed.of(authority.certificate());
    var serials =
        revoked.stream().map(RevokedCertificate::serial).collect(Collectors.toUnmodifiableSet());
    return known.stream()
        .filter(list -> list.isCurrent(authority.certificate(), serials, clock.instant()))
        .findFirst()
        .orElseGet(() -> issuer.certificateRevocationList(authority, revoked));
  }

  private static List<CertificateRevocationList> parse(byte[] pem) {
    try {
      return CertificateRevocationList.parseAll(pem);
    } catch (InvalidCertificateException unreadable) {
      return List.of();
    }
  }

  public byte[] authoritiesPem() {
    return authorities.pem();
  }

  public byte[] revocationsPem() {
    var file = new ByteArrayOutputStream();
    revocations.forEach(list -> file.writeBytes(list.pem()));
    return file.toByteArray();
  }

  @Override
  public String toString() {
    return "ClientTrust[" + authorities.certificates().size() + "]";
  }
}
