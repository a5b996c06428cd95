package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.certificates.CertificateRenewal.Renewed;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.pki.Authorities;
import io.mqttoperator.operator.pki.AuthorityFiles;
import io.mqttoperator.operator.pki.AuthorityProof;
import io.mqttoperator.operator.pki.AuthorityRequest;
import io.mqttoperator.operator.pki.AuthorityRollover;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps the authorities that the operator makes for a broker. */
final class BrokerAuthority {

  private final AuthorityRollover rollover;

  BrokerAuthority(CertificateIssuer issuer, Clock clock) {
    this.rollover = new AuthorityRollover(issuer, clock);
  }

  /**
   * What is kept.
   *
   * @param renewAt when the next one is made
   * @param lookAt when to look again
   * @param news of a rollover, in sentences for events
   */
  public record Kept(Authorities authorities, Instant renewAt, Instant lookAt, List<String> news) {

    /** The one that issues, for clients. */
    Renewed issuing() {
      return new Renewed(authorities.issuing().pair(), renewAt, Optional.empty());
    }

    @Override
    public String toString() {
      return "Kept[" + authorities + "]";
    }
  }

  /**
   * Takes those that are stored, as far as a rollover may go, or makes the first.
   *
   * @param proof what was seen of them before
   * @param isInUse false where the broker's owner brought another: then they stay as they are
   * @param issued is told, in a sentence, of a first one
   * @throws UnusableAuthority if the stored ones cannot be read: a new one would lock out each
   *     client that trusts them
   */
  Kept keep(
      BrokerProfile profile,
      StoredSecret stored,
      AuthorityProof proof,
      boolean isInUse,
      Consumer<String> issued)
      throws UnusableAuthority {
    var asked = profile.authorityRequest();
    if (stored.secret() == null) {
      issued.accept("Made the certificate authority.");
      var first = rollover.first(asked);
      return kept(rollover.go(first, asked, AuthorityProof.NONE), asked);
    }
    Authorities found;
    try {
      found = AuthorityFiles.read(stored::bytes);
    } catch (InvalidCertificateException unusable) {
      throw new UnusableAuthority(
          ("Secret %s: %s. If a newer operator has written it, upgrade again. Else restore it, or"
                  + " delete it to have a new authority, which clients must"
                  + " then learn to trust.")
              .formatted(profile.names().authority(), unusable.problem()));
    }
    return isInUse
        ? kept(rollover.go(found, asked, proof), asked)
        : new Kept(found, Instant.MAX, Instant.MAX, List.of());
  }

  private static Kept kept(AuthorityRollover.Outcome outcome, AuthorityRequest asked) {
    return new Kept(
        outcome.authorities(),
        outcome.renewAt(),
        outcome.lookAt(),
        AuthorityNews.of(outcome, asked));
  }
}
