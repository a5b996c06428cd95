package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.certificates.ClientAuthorities;
import io.mqttoperator.operator.broker.certificates.ClientTrust;
import io.mqttoperator.operator.broker.certificates.ListedRevocations;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.time.Clock;
import java.util.stream.Collectors;

/** What follows for pods from what is known of client certificates. */
final class Revocations {

  private final CertificateIssuer issuer;
  private final Clock clock;

  Revocations(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * Whom a broker's listeners let in by a certificate.
   *
   * @param room for the revocation lists
   * @throws DoNotFit if those cannot hold what they must
   */
  ClientTrust trust(
      ClientAuthorities authorities,
      CertificateLedger ledger,
      long room,
      BrokerObservation seen,
      CertificateMemory memory)
      throws DoNotFit {
    var told = seen.internal().secret();
    var known = memory.trust;
    if (known != null && known.isOf(told, ledger, authorities, room)) {
      return known.content();
    }
    var stored = seen.internal().bytes(RevisionFiles.CLIENT_REVOCATIONS);
    var used = seen.users().stream().map(UserObservation::username).collect(Collectors.toSet());
    var trusted = authorities.trusted().stream().map(KeyAndCertificate::certificate).toList();
    var listed =
        ListedRevocations.of(trusted, ledger.refused(), room, used::contains, clock.instant());
    var trust = ClientTrust.of(authorities, listed, stored, issuer, clock);
    memory.trust =
        new CertificateMemory.Trust(told, ledger, authorities.certificates(), room, trust);
    return trust;
  }
}
