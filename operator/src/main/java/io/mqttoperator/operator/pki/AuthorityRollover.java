package io.mqttoperator.operator.pki;

import io.mqttoperator.operator.pki.RolloverDecision.Cause;
import io.mqttoperator.operator.pki.RolloverDecision.Distrust;
import io.mqttoperator.operator.pki.RolloverDecision.Issue;
import io.mqttoperator.operator.pki.RolloverDecision.Keep;
import io.mqttoperator.operator.pki.RolloverDecision.Observe;
import io.mqttoperator.operator.pki.RolloverDecision.Replace;
import io.mqttoperator.operator.pki.RolloverDecision.Return;
import io.mqttoperator.operator.pki.RolloverDecision.Step;
import io.mqttoperator.operator.pki.RolloverDecision.Trust;
import io.mqttoperator.operator.pki.RolloverDecision.Withdraw;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Leads from one authority to the next: the next is trusted everywhere before it issues, and the
 * former for a while after everything that it has issued was replaced. What comes of it must be
 * stored before it is used; then it may be cut off anywhere, and asked again.
 */
public final class AuthorityRollover {

  private final CertificateIssuer issuer;
  private final Clock clock;

  public AuthorityRollover(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * What became of them.
   *
   * @param steps what was done just now
   * @param renewAt when the one that issues is due
   * @param lookAt when to ask again
   */
  public record Outcome(
      Authorities authorities, List<Step> steps, Instant renewAt, Instant lookAt) {}

  /** The first authority of a broker. */
  public Authorities first(AuthorityRequest asked) {
    return Authorities.only(make(asked, 1, asked.generation()), 1);
  }

  /** Goes as far as it may now. */
  public Outcome go(Authorities stored, AuthorityRequest asked, AuthorityProof proof) {
    var authorities = stored;
    var steps = new ArrayList<Step>();
    while (true) {
      switch (decide(authorities, asked, proof, clock)) {
        case Keep keep -> {
          return new Outcome(
              authorities, List.copyOf(steps), renewAt(authorities, asked), keep.lookAt());
        }
        case Step step -> {
          authorities = take(step, authorities, asked);
          steps.add(step);
        }
      }
    }
  }

  /** Decides; the same arguments always give the same answer. */
  public static RolloverDecision decide(
      Authorities stored, AuthorityRequest asked, AuthorityProof proof, Clock clock) {
    var now = clock.instant();
    return ended(stored, now)
        .or(() -> asked(stored, asked))
        .or(() -> due(stored, asked, clock))
        .or(() -> proven(stored, proof, now))
        .or(() -> distrusted(stored, asked, now))
        .orElseGet(() -> new Keep(lookAt(stored, asked, clock)));
  }

  /** What has ended helps nobody: there is nothing to wait for. */
  private static Optional<RolloverDecision> ended(Authorities stored, Instant now) {
    var former =
        stored.formers().stream()
            .filter(one -> hasEnded(one.authority(), now))
            .findFirst()
            .<RolloverDecision>map(Distrust::new);
    if (former.isPresent() || !hasEnded(stored.issuing(), now)) {
      return former;
    }
    return Optional.of(
        stored.next().filter(next -> !hasEnded(next, now)).isPresent()
            ? new Issue()
            : new Replace());
  }

  private static Optional<RolloverDecision> asked(Authorities stored, AuthorityRequest asked) {
    var generation = asked.generation();
    if (stored.newest().asked() == generation) {
      return Optional.empty();
    }
    if (stored.issuing().asked() == generation) {
      return Optional.of(new Withdraw());
    }
    var former =
        stored.formers().stream()
            .map(FormerAuthority::authority)
            .filter(one -> one.asked() == generation)
            .max(Comparator.comparingInt(AuthorityGeneration::number));
    if (former.isPresent()) {
      return Optional.of(new Return(former.get()));
    }
    return generation > stored.newest().asked()
        ? Optional.of(new Trust(generation, Cause.GENERATION_RAISED))
        : Optional.empty();
  }

  private static Optional<RolloverDecision> due(
      Authorities stored, AuthorityRequest asked, Clock clock) {
    return stored.next().isEmpty() && renewal(stored, asked, clock) instanceof RenewalDecision.Issue
        ? Optional.of(new Trust(stored.issuing().asked(), Cause.DUE))
        : Optional.empty();
  }

  private static Optional<RolloverDecision> proven(
      Authorities stored, AuthorityProof proof, Instant now) {
    var isTrusted =
        stored
            .next()
            .filter(next -> proof.trusted().contains(next.pair().certificate()))
            .isPresent();
    if (isTrusted && Authorities.allowsPath(formersAtIssue(stored, now))) {
      return Optional.of(new Issue());
    }
    return proof.replacedBy() == stored.issuing().number()
            && stored.formers().stream().anyMatch(former -> former.since().isEmpty())
        ? Optional.of(new Observe())
        : Optional.empty();
  }

  private static Optional<RolloverDecision> distrusted(
      Authorities stored, AuthorityRequest asked, Instant now) {
    return stored.formers().stream()
        .filter(former -> former.since().isPresent())
        .filter(former -> !now.isBefore(former.until(asked.overlap())))
        .findFirst()
        .map(Distrust::new);
  }

  private static Instant lookAt(Authorities stored, AuthorityRequest asked, Clock clock) {
    var renewAt =
        stored.next().isEmpty()
                && renewal(stored, asked, clock) instanceof RenewalDecision.Keep keep
            ? keep.renewAt()
            : stored.issuing().pair().notAfter().plusSeconds(1);
    return Stream.concat(
            Stream.of(renewAt),
            stored.formers().stream().map(former -> lookAt(former, asked.overlap())))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static Instant lookAt(FormerAuthority former, Duration overlap) {
    return former.since().isPresent()
        ? former.until(overlap)
        : former.authority().pair().notAfter().plusSeconds(1);
  }

  private static RenewalDecision renewal(Authorities stored, AuthorityRequest asked, Clock clock) {
    var issuing = stored.issuing();
    return RenewalRules.decide(
        Optional.of(new StoredCertificate.Usable(issuing.pair(), issuing.asked())),
        DesiredCertificate.authority(asked.profile(issuing.number()), asked.renewBefore()),
        clock);
  }

  private static Instant renewAt(Authorities stored, AuthorityRequest asked) {
    var before = RenewalWindow.atMost(asked.validity(), asked.renewBefore());
    return stored.issuing().pair().notAfter().minus(before);
  }

  private Authorities take(Step step, Authorities stored, AuthorityRequest asked) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return switch (step) {
      case Trust trust -> {
        var number = stored.highest() + 1;
        var next = Optional.of(make(asked, number, trust.asked()));
        yield new Authorities(number, stored.issuing(), next, stored.formers(), stored.path());
      }
      case Withdraw withdraw ->
          new Authorities(
              stored.highest(),
              stored.issuing(),
              Optional.empty(),
              stored.formers(),
              stored.path());
      case Issue issue ->
          led(stored.next().orElseThrow(), formersAtIssue(stored, now), stored.highest());
      case Return back -> {
        var formers = new ArrayList<>(without(stored, back.former()));
        formers.add(FormerAuthority.leaving(stored.issuing(), now));
        yield led(back.former(), formers, stored.highest());
      }
      case Observe observe ->
          new Authorities(
              stored.highest(),
              stored.issuing(),
              stored.next(),
              stored.formers().stream().map(former -> observed(former, now)).toList(),
              stored.path());
      case Distrust distrust -> {
        var left = without(stored, distrust.former().authority());
        var led = led(stored.issuing(), left, stored.highest());
        yield new Authorities(stored.highest(), stored.issuing(), stored.next(), left, led.path());
      }
      case Replace replace -> {
        var number = stored.highest() + 1;
        var made = make(asked, number, Math.max(asked.generation(), stored.newest().asked()));
        yield led(made, stored.formers(), number);
      }
    };
  }

  private static FormerAuthority observed(FormerAuthority former, Instant now) {
    return former.since().isPresent()
        ? former
        : new FormerAuthority(former.authority(), former.left(), Optional.of(now));
  }

  private static List<FormerAuthority> without(Authorities stored, AuthorityGeneration one) {
    return stored.formers().stream()
        .filter(former -> former.authority().number() != one.number())
        .toList();
  }

  private static List<FormerAuthority> formersAtIssue(Authorities stored, Instant now) {
    return hasEnded(stored.issuing(), now)
        ? stored.formers()
        : Stream.concat(
                Stream.of(FormerAuthority.leaving(stored.issuing(), now)),
                stored.formers().stream())
            .toList();
  }

  private static boolean hasEnded(AuthorityGeneration authority, Instant now) {
    return now.isAfter(authority.pair().notAfter());
  }

  /** The issuing one with a new path to the formers; one that has ended is about to go. */
  private Authorities led(AuthorityGeneration issuing, List<FormerAuthority> formers, int highest) {
    var now = clock.instant();
    var all = new Authorities(highest, issuing, Optional.empty(), formers, List.of());
    var path = new ArrayList<X509Certificate>();
    var below = issuing;
    for (var former : all.formers()) {
      if (!hasEnded(below, now) && !hasEnded(former.authority(), now)) {
        path.add(issuer.signAcross(below.pair(), former.authority().pair(), path.size()));
      }
      below = former.authority();
    }
    return new Authorities(highest, issuing, Optional.empty(), all.formers(), path);
  }

  private AuthorityGeneration make(AuthorityRequest asked, int number, int generation) {
    return new AuthorityGeneration(
        number, generation, issuer.createAuthority(asked.profile(number)));
  }
}
