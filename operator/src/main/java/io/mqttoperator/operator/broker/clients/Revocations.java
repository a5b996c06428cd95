package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.certificates.ClientAuthorities;
import io.mqttoperator.operator.broker.certificates.ClientTrust;
import io.mqttoperator.operator.broker.certificates.ListedRevocations;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.observation.SecretKeys;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Collectors;

/** What of an authority's client certificates is stored, and what follows from it for pods. */
final class Revocations {

  private final CertificateIssuer issuer;
  private final Clock clock;

  Revocations(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * The stored ledger. Where its Secret was deleted, what pods have been told is left of it.
   *
   * @throws UnusableAuthority if it cannot be read: without it, what was revoked would count again
   */
  @SuppressWarnings("ReferenceEquality") // another object is another version
  CertificateLedger stored(BrokerProfile profile, BrokerObservation seen, CertificateMemory memory)
      throws UnusableAuthority {
    var name = profile.names().revocations();
    var secret = seen.secret(name);
    var known = memory.ledger;
    if (known != null && known.secret() == secret.secret()) {
      return known.content();
    }
    var ledger = read(name, secret, seen);
    memory.ledger =
        secret.secret() == null ? null : new CertificateMemory.Ledger(secret.secret(), ledger);
    return ledger;
  }

  private static CertificateLedger read(String name, StoredSecret secret, BrokerObservation seen)
      throws UnusableAuthority {
    var file = secret.bytes(SecretKeys.LEDGER);
    if (file.isEmpty() && secret.secret() != null) {
      throw unusable(name, "it has no " + SecretKeys.LEDGER);
    }
    try {
      return file.isPresent() ? CertificateLedger.parse(file.get()) : recovered(seen);
    } catch (InvalidCertificateException unreadable) {
      throw unusable(name, Objects.toString(unreadable.getMessage(), ""));
    }
  }

  private static UnusableAuthority unusable(String name, String problem) {
    return new UnusableAuthority(
        ("Secret %s: %s. If a newer operator has written it, upgrade again. Else restore it; or"
                + " delete it, and the authority's Secret too, so that nothing"
                + " that was revoked is ever trusted again.")
            .formatted(name, problem));
  }

  private static CertificateLedger recovered(BrokerObservation seen)
      throws InvalidCertificateException {
    var told = seen.internal().bytes(RevisionFiles.CLIENT_REVOCATIONS);
    if (told.isEmpty()) {
      return CertificateLedger.EMPTY;
    }
    var ledger = CertificateLedger.EMPTY;
    // Of one that several lists name, the longest counts: it is in doubt whose it is.
    var lists = new ArrayList<>(CertificateRevocationList.parseAll(told.get()));
    lists.sort(Comparator.comparing(CertificateRevocationList::nextUpdate));
    for (var list : lists) {
      ledger = ledger.with(CertificateLedger.recovered(list).entries().values());
    }
    return ledger;
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
