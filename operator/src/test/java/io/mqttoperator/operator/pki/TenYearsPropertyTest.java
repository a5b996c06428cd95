package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P256;
import static io.mqttoperator.operator.pki.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.pki.RenewalDecision.Issue;
import io.mqttoperator.operator.pki.RenewalDecision.Keep;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Ten years of a broker, with an operator that is woken at random and late. */
class TenYearsPropertyTest {
  private static final Duration TEN_YEARS = Duration.ofDays(3652);

  @Property(tries = 15)
  void whatIsPresentedIsAlwaysValidAndRenewedWithinItsWindow(
      @ForAll long seed,
      @ForAll @IntRange(min = 30 * 24, max = 9000) int leafHours,
      @ForAll @IntRange(min = 400, max = 4000) int authorityDays,
      @ForAll @DoubleRange(min = 0.05, max = 1.2) double renewShare)
      throws GeneralSecurityException {
    Duration validity = Duration.ofHours(leafHours);
    Duration asked = Duration.ofMinutes((long) (validity.toMinutes() * renewShare));
    Simulation simulation =
        new Simulation(
            seed, Duration.ofDays(authorityDays), validity, RenewalWindow.atMost(validity, asked));
    Instant end = NOW.plus(TEN_YEARS);
    while (simulation.now.isBefore(end)) {
      simulation.step();
    }
    // Each leaf lasts to its window at least; a new authority ends one before.
    long fewest = TEN_YEARS.dividedBy(validity);
    long most =
        TEN_YEARS.dividedBy(validity.minus(simulation.renewBefore)) + simulation.authorities + 1;
    assertThat(simulation.leaves).isBetween((int) fewest, (int) most);
  }

  private static final class Simulation {
    private final Random random;
    private final AuthorityProfile authorityProfile;
    private final ServerProfile profile;
    private final Duration renewBefore;
    private final Duration lateness;
    private Instant now = NOW;
    private Optional<KeyAndCertificate> authority = Optional.empty();
    private Optional<KeyAndCertificate> leaf = Optional.empty();
    private int authorities;
    private int leaves;

    Simulation(long seed, Duration authorityValidity, Duration validity, Duration renewBefore) {
      this.random = new Random(seed);
      this.renewBefore = renewBefore;
      this.authorityProfile = new AuthorityProfile("authority", ECDSA_P256, authorityValidity);
      Duration authorityWindow = RenewalWindow.byDefault(authorityValidity);
      Duration window = renewBefore.compareTo(authorityWindow) < 0 ? renewBefore : authorityWindow;
      this.lateness = window.dividedBy(2);
      this.profile =
          new ServerProfile("broker", List.of("broker"), List.of(), ECDSA_P256, validity);
    }

    void step() throws GeneralSecurityException {
      Instant authorityAt = decideAuthority();
      Instant leafAt = decideLeaf();
      Instant wakeAt = authorityAt.isBefore(leafAt) ? authorityAt : leafAt;
      assertThat(wakeAt).as("else the operator would be woken all the time").isAfter(now);
      long toWake = Duration.between(now, wakeAt).toSeconds() + 1;
      // Something else wakes it sooner, or it is late by up to half of the smaller window.
      now =
          random.nextInt(3) == 0
              ? now.plusSeconds(1 + random.nextLong(toWake))
              : wakeAt.plusSeconds(random.nextLong(lateness.toSeconds() + 1));
    }

    private Instant decideAuthority() {
      Duration window = RenewalWindow.byDefault(authorityProfile.validity());
      DesiredCertificate desired = DesiredCertificate.authority(authorityProfile, window);
      switch (decide(authority, desired)) {
        case Keep keep -> {
          return keep.renewAt();
        }
        case Issue issue -> {
          authority.ifPresent(old -> assertDue(old, issue, window));
          authority = Optional.of(issuer().createAuthority(authorityProfile));
          authorities++;
        }
      }
      return ((Keep) decide(authority, desired)).renewAt();
    }

    private Instant decideLeaf() throws GeneralSecurityException {
      KeyAndCertificate signer = authority.orElseThrow();
      DesiredCertificate desired = DesiredCertificate.issuedBy(signer, profile, renewBefore, 1);
      leaf.ifPresent(
          old -> assertThat(now).as("presented until now").isBeforeOrEqualTo(old.notAfter()));
      switch (decide(leaf, desired)) {
        case Keep keep -> {
          return keep.renewAt();
        }
        case Issue issue -> {
          if (leaf.isPresent() && issue.reason() != IssueReason.AUTHORITY_CHANGED) {
            assertDue(leaf.get(), issue, renewBefore);
          }
          CertificateIssuer issuer = issuer();
          leaf = Optional.of(issuer.issueServer(signer, profile));
          leaves++;
          CertificateIssuerTest.validate(
              leaf.get(), signer, issuer.certificateRevocationList(signer), now);
        }
      }
      return ((Keep) decide(leaf, desired)).renewAt();
    }

    private CertificateIssuer issuer() {
      return new CertificateIssuer(Samples.at(now), Samples.random(random.nextLong()));
    }

    private void assertDue(KeyAndCertificate old, Issue issue, Duration window) {
      assertThat(issue.reason()).isEqualTo(IssueReason.DUE);
      assertThat(now).isBetween(old.notAfter().minus(window), old.notAfter());
    }

    private RenewalDecision decide(Optional<KeyAndCertificate> pair, DesiredCertificate desired) {
      return RenewalRules.decide(
          pair.map(it -> new StoredCertificate.Usable(it, 1)), desired, Samples.at(now));
    }
  }
}
