package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.certificates.CertificateRenewal.Renewed;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.Authorities;
import io.mqttoperator.operator.pki.AuthorityProof;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.FormerSigners;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.IssueReason;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.Signers;
import io.mqttoperator.operator.pki.StoredCertificate;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a broker's keys and certificates: takes those that are stored, and makes the others. What
 * is made is never made again from the same facts, so it must be stored before it is used.
 */
public final class SecretKeeper {

  private final CertificateIssuer issuer;
  private final CertificateRenewal renewal;
  private final BrokerAuthority authority;
  private final InternalIdentityKeeper internal;
  private final Clock clock;

  public SecretKeeper(Clock clock, SecureRandom random) {
    issuer = new CertificateIssuer(clock, random);
    renewal = new CertificateRenewal(issuer, clock);
    authority = new BrokerAuthority(issuer, clock);
    internal = new InternalIdentityKeeper(issuer, clock, random);
    this.clock = clock;
  }

  /**
   * Takes or makes all of them.
   *
   * @param proof what was seen of the authorities before
   * @throws UnusableAuthority if the stored authority cannot be read
   */
  public BrokerSecrets keep(BrokerProfile profile, BrokerObservation seen, AuthorityProof proof)
      throws UnusableAuthority {
    var issued = new ArrayList<String>();
    var own = OwnCertificateChoice.of(profile, seen, clock.instant());
    // An authority that its owner let end can sign nothing that anybody accepts.
    var brought = own.authorities().authority().filter(used -> used.isValid(clock.instant()));
    var generated =
        authority.keep(profile, seen.authority(), proof, brought.isEmpty(), issued::add);
    own.allNews().forEach(issued::add);
    var signer = brought.map(used -> Renewed.byItsMaker(used.pair())).orElse(generated.issuing());
    var formers = formers(profile, seen, own.authorities(), generated.authorities());
    var forServers =
        formers.led(brought.isPresent() ? signer.pair() : generated.authorities().forServers());
    var server =
        own.server()
            .map(shown -> Renewed.byItsMaker(shown.pair()))
            .orElseGet(() -> server(profile, own, forServers, seen.server()));
    server.issued().ifPresent(why -> issued.add("Issued a server certificate: " + sentence(why)));
    return new BrokerSecrets(
        generated,
        signer,
        server,
        own,
        formers,
        internal.keep(profile, seen, issued::add),
        Optional.empty(),
        Map.of(),
        List.copyOf(issued));
  }

  /** What the owner's last choices have left behind, and what that is trusted for. */
  private FormerSigners formers(
      BrokerProfile profile,
      BrokerObservation seen,
      OwnAuthorityChoice chosen,
      Authorities generated)
      throws UnusableAuthority {
    var now = chosen.authority().map(Signers::of).orElseGet(() -> Signers.of(generated));
    try {
      // What no pod has had, nobody trusts.
      var before =
          seen.statefulSet().isEmpty()
              ? now
              : OwnAuthorityChoice.before(seen.authority(), chosen)
                  .map(Signers::of)
                  .orElseGet(() -> Signers.of(generated));
      return FormerSigners.read(seen.authority()::bytes)
          .follow(before, now, profile.authorityRequest().overlap(), issuer, clock);
    } catch (InvalidCertificateException unusable) {
      throw new UnusableAuthority(
          ("Secret %s: %s. Restore it, or remove that key, and own-formers with those of former ones:"
                  + " devices that have not fetched the present authority are locked out then.")
              .formatted(profile.names().authority(), unusable.problem()));
    }
  }

  private Renewed server(
      BrokerProfile profile,
      OwnCertificates own,
      KeyAndCertificate authority,
      StoredSecret stored) {
    var asked = profile.server();
    var generation = Math.max(1, stored.number(Labels.CERTIFICATE_GENERATION));
    var found =
        CertificateRenewal.stored(stored, SecretEntries.CERTIFICATE, SecretEntries.KEY, generation);
    // Clients trust the one that has ended, or nothing: another's certificate helps none of them.
    if (own.authorities().authority().filter(used -> !used.isValid(clock.instant())).isPresent()
        && found.orElse(null) instanceof StoredCertificate.Usable kept) {
      return Renewed.byItsMaker(kept.pair());
    }
    return renewal.leaf(
        found, authority, profile.serverProfile(), asked.generation(), asked.renewBefore());
  }

  private static String sentence(IssueReason reason) {
    return switch (reason) {
      case MISSING -> "there was none.";
      case UNREADABLE -> "the stored one could not be read.";
      case GENERATION_RAISED -> "its generation was raised.";
      case AUTHORITY_CHANGED -> "the authority is another.";
      case KEY_ALGORITHM_CHANGED -> "its key algorithm was changed.";
      case NAMES_CHANGED -> "its names were changed.";
      case VALIDITY_CHANGED -> "its validity was changed.";
      case NOT_YET_VALID -> "the old one begins in the future.";
      case EXPIRED -> "the old one has ended.";
      case DUE -> "the old one would have ended soon.";
    };
  }
}
