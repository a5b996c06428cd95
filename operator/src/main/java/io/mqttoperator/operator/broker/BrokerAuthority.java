package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.broker.CertificateRenewal.Renewed;
import io.mqttoperator.operator.pki.AuthorityProfile;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CommonName;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.IssueReason;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.StoredCertificate;
import java.time.Clock;
import java.util.function.Consumer;

/** Keeps the authority that a broker's clients trust. */
final class BrokerAuthority {

  private final CertificateIssuer issuer;
  private final CertificateRenewal renewal;
  private final Clock clock;

  BrokerAuthority(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.renewal = new CertificateRenewal(issuer, clock);
    this.clock = clock;
  }

  /**
   * Takes the stored one, renews it, or makes the first.
   *
   * @param issued is told, in a sentence, of one made just now
   * @throws UnusableAuthority if the stored one cannot be read: a new one would lock out each
   *     client that trusts it
   */
  Renewed keep(BrokerProfile profile, StoredSecret stored, Consumer<String> issued)
      throws UnusableAuthority {
    var asked = profile.authority();
    var name = CommonName.shortened(profile.names().broker() + " CA");
    var wanted = new AuthorityProfile(name, asked.keyAlgorithm(), asked.validity());
    var found = CertificateRenewal.stored(stored, SecretKeys.CERTIFICATE, SecretKeys.KEY, 1);
    if (found.isEmpty() && stored.secret() != null) {
      throw unusable(profile, "it has no " + SecretKeys.CERTIFICATE);
    }
    if (found.orElse(null) instanceof StoredCertificate.Unreadable unreadable) {
      throw unusable(profile, unreadable.problem());
    }
    var desired = DesiredCertificate.authority(wanted, asked.renewBefore(), 1);
    return switch (RenewalRules.decide(found, desired, clock)) {
      case RenewalDecision.Keep keep -> CertificateRenewal.kept(found, keep);
      case RenewalDecision.Issue issue when issue.reason() == IssueReason.MISSING -> {
        issued.accept("Made the certificate authority.");
        yield renewal.made(issuer.createAuthority(wanted), desired, issue.reason());
      }
      case RenewalDecision.Issue issue
          when issue.reason() == IssueReason.DUE || issue.reason() == IssueReason.EXPIRED -> {
        issued.accept("Renewed the certificate authority; its key is the same.");
        var before = CertificateRenewal.pair(found);
        var made = issuer.renewAuthority(before, asked.keyAlgorithm(), asked.validity());
        yield renewal.made(made, desired, issue.reason());
      }
      case RenewalDecision.Issue issue ->
          throw unusable(profile, "the certificate is not that of an authority");
    };
  }

  private static UnusableAuthority unusable(BrokerProfile profile, String problem) {
    return new UnusableAuthority(
        ("Secret %s: %s. Restore it, or delete it to have a new authority, which clients must then"
                + " learn to trust.")
            .formatted(profile.names().authority(), problem));
  }
}
