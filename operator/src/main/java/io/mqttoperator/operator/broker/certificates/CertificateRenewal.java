package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.pki.AuthorityProfile;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateProfile;
import io.mqttoperator.operator.pki.ClientProfile;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.IssueReason;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.ServerProfile;
import io.mqttoperator.operator.pki.StoredCertificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps a stored certificate, or issues the next one. */
public final class CertificateRenewal {

  private final CertificateIssuer issuer;
  private final Clock clock;

  CertificateRenewal(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * A certificate with its key.
   *
   * @param renewAt when to look at it again
   * @param issued why it was issued just now; empty if it was stored
   */
  public record Renewed(KeyAndCertificate pair, Instant renewAt, Optional<IssueReason> issued) {

    /** One that is not ours to renew. */
    public static Renewed byItsMaker(KeyAndCertificate pair) {
      return new Renewed(pair, Instant.MAX, Optional.empty());
    }

    public boolean isByItsMaker() {
      return renewAt.equals(Instant.MAX);
    }

    @Override
    public String toString() {
      return "Renewed[" + pair.serialHex() + "]";
    }
  }

  /** A certificate that {@code authority} issues. */
  Renewed leaf(
      Optional<StoredCertificate> stored,
      KeyAndCertificate authority,
      CertificateProfile profile,
      int generation,
      Duration renewBefore) {
    var desired = DesiredCertificate.issuedBy(authority, profile, renewBefore, generation);
    return switch (RenewalRules.decide(stored, desired, clock)) {
      case RenewalDecision.Keep keep -> kept(stored, keep);
      case RenewalDecision.Issue issue ->
          made(
              switch (profile) {
                case ServerProfile server -> issuer.issueServer(authority, server);
                case ClientProfile client -> issuer.issueClient(authority, client);
                case AuthorityProfile own -> issuer.createAuthority(own);
              },
              desired,
              issue.reason());
    };
  }

  static Renewed kept(Optional<StoredCertificate> stored, RenewalDecision.Keep keep) {
    return new Renewed(pair(stored), keep.renewAt(), Optional.empty());
  }

  Renewed made(KeyAndCertificate made, DesiredCertificate desired, IssueReason why) {
    var stored =
        Optional.<StoredCertificate>of(new StoredCertificate.Usable(made, desired.generation()));
    var renewAt =
        RenewalRules.decide(stored, desired, clock) instanceof RenewalDecision.Keep keep
            ? keep.renewAt()
            : made.notAfter();
    return new Renewed(made, renewAt, Optional.of(why));
  }

  /** What a Secret holds under two keys; empty if there is no certificate. */
  static Optional<StoredCertificate> stored(
      StoredSecret secret, String certificate, String key, int generation) {
    return secret
        .bytes(certificate)
        .map(
            pem ->
                StoredCertificate.read(
                    pem, secret.bytes(key).orElseGet(() -> new byte[0]), generation));
  }

  /** The pair that a decision to keep is about. */
  static KeyAndCertificate pair(Optional<StoredCertificate> stored) {
    return switch (stored.orElseThrow()) {
      case StoredCertificate.Usable usable -> usable.pair();
      case StoredCertificate.Keyless keyless ->
          throw new IllegalStateException("only a client's key is not known here");
      case StoredCertificate.Unreadable unreadable ->
          throw new IllegalStateException("decided to keep what cannot be read");
    };
  }
}
