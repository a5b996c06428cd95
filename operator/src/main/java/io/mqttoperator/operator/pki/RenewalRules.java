package io.mqttoperator.operator.pki;

import io.mqttoperator.operator.pki.RenewalDecision.Issue;
import io.mqttoperator.operator.pki.RenewalDecision.Keep;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a certificate stays. An ordered list of small checks, of which the first that
 * holds gives the reason.
 *
 * <p>An authority is made anew for fewer reasons than a leaf: its name, key algorithm and validity
 * take effect with the next one. When another one follows it is for {@link AuthorityRollover}.
 */
public final class RenewalRules {
  /** Differences of the real from the desired validity that are not worth a new certificate. */
  private static final Duration VALIDITY_TOLERANCE = Duration.ofMinutes(1);

  private static final List<Rule> FOR_AUTHORITIES =
      List.of(
          new Rule(IssueReason.UNREADABLE, state -> !state.isAuthority()),
          new Rule(IssueReason.EXPIRED, State::isExpired),
          new Rule(IssueReason.DUE, State::isDue));

  private static final List<Rule> FOR_LEAVES =
      List.of(
          new Rule(IssueReason.GENERATION_RAISED, State::isGenerationRaised),
          new Rule(IssueReason.AUTHORITY_CHANGED, state -> !state.hasAuthority()),
          new Rule(IssueReason.KEY_ALGORITHM_CHANGED, state -> !state.hasKey()),
          new Rule(IssueReason.NAMES_CHANGED, state -> !state.hasNames()),
          new Rule(IssueReason.NOT_YET_VALID, State::isTooEarly),
          new Rule(IssueReason.EXPIRED, State::isExpired),
          new Rule(IssueReason.VALIDITY_CHANGED, state -> !state.hasValidity()),
          new Rule(IssueReason.DUE, State::isDue));

  private RenewalRules() {}

  /** Decides; the same arguments always give the same answer. */
  public static RenewalDecision decide(
      Optional<StoredCertificate> current, DesiredCertificate desired, Clock clock) {
    if (current.isEmpty()) {
      return new Issue(IssueReason.MISSING);
    }
    return switch (current.get()) {
      case StoredCertificate.Unreadable unreadable -> new Issue(IssueReason.UNREADABLE);
      case StoredCertificate.Usable stored ->
          decide(new State(stored.pair(), stored.generation(), desired, clock.instant()));
      case StoredCertificate.Keyless stored ->
          decide(new State(stored.certificate(), stored.generation(), desired, clock.instant()));
    };
  }

  private static RenewalDecision decide(State state) {
    List<Rule> rules =
        state.desired.profile() instanceof AuthorityProfile ? FOR_AUTHORITIES : FOR_LEAVES;
    for (Rule rule : rules) {
      if (rule.condition.holds(state)) {
        return new Issue(rule.reason);
      }
    }
    return new Keep(state.renewAt());
  }

  /** When it is to be renewed for its end alone. */
  public static Instant dueAt(IssuedCertificate current, DesiredCertificate desired) {
    // At its end, a new certificate of an authority that ends with it would be no longer: wait for
    // a new authority.
    boolean endsWithAuthority =
        desired.issuer().stream()
            .anyMatch(issuer -> !current.notAfter().isBefore(issuer.getNotAfter().toInstant()));
    return endsWithAuthority
        ? current.notAfter().plusSeconds(1)
        : current.notAfter().minus(desired.renewBefore());
  }

  private record Rule(IssueReason reason, Condition condition) {}

  private interface Condition {
    boolean holds(State state);
  }

  private record State(
      IssuedCertificate current, long generation, DesiredCertificate desired, Instant now) {
    boolean isGenerationRaised() {
      return generation < desired.generation();
    }

    boolean hasAuthority() {
      List<X509Certificate> rest = current.chain().subList(1, current.chain().size());
      return desired
              .issuer()
              .filter(issuer -> KeyAndCertificate.isSignedBy(current.certificate(), issuer))
              .isPresent()
          && rest.equals(CertificateIssuer.presentedChain(desired.authorityChain()));
    }

    boolean isAuthority() {
      return current instanceof KeyAndCertificate pair && pair.isAuthority();
    }

    /** The key that was asked for, else one of ours. */
    boolean hasKey() {
      var key = current.certificate().getPublicKey();
      return desired
          .key()
          .map(asked -> Arrays.equals(asked.getEncoded(), key.getEncoded()))
          .orElseGet(() -> current instanceof KeyAndCertificate && hasKeyAlgorithm());
    }

    private boolean hasKeyAlgorithm() {
      return KeyAlgorithm.of(current.certificate().getPublicKey())
          .equals(Optional.of(desired.profile().keyAlgorithm()));
    }

    boolean hasNames() {
      return switch (desired.profile()) {
        case AuthorityProfile authority -> true;
        case ServerProfile server -> ServerNames.match(current.certificate(), server);
        case ClientProfile client ->
            CommonName.of(current.certificate()).equals(client.commonName());
      };
    }

    /** Computed from the certificate itself: what an authority's end cuts off is no difference. */
    boolean hasValidity() {
      Instant issuedAt = current.notBefore().plus(CertificateIssuer.CLOCK_SKEW);
      Instant expected =
          CertificateSigner.notAfter(issuedAt, desired.profile().validity(), desired.issuer());
      return Duration.between(expected, current.notAfter()).abs().compareTo(VALIDITY_TOLERANCE)
          <= 0;
    }

    /**
     * Where the authority, too, begins in the future, it is our clock that is behind: a new one
     * would not help.
     */
    boolean isTooEarly() {
      return now.isBefore(current.notBefore())
          && desired.issuer().stream()
              .noneMatch(issuer -> now.isBefore(issuer.getNotBefore().toInstant()));
    }

    boolean isExpired() {
      return now.isAfter(current.notAfter());
    }

    boolean isDue() {
      return !now.isBefore(renewAt());
    }

    Instant renewAt() {
      return dueAt(current, desired);
    }
  }
}
