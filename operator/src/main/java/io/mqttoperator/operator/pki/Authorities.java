package io.mqttoperator.operator.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A broker's own authorities: the one that issues, and at a rollover those before and after it.
 *
 * @param highest the highest number that one of them has ever had
 * @param next trusted, and to issue when all pods are known to trust it
 * @param formers each a bound for how long a path is that ends with it, the strictest first
 * @param path leads from the issuing one to each of the formers: the issuing one signed by the
 *     first of them, that one by the second, and so on. A server shows it: a client that trusts any
 *     of them accepts what the issuing one has signed
 */
public record Authorities(
    int highest,
    AuthorityGeneration issuing,
    Optional<AuthorityGeneration> next,
    List<FormerAuthority> formers,
    List<X509Certificate> path) {

  /** Where there is no overlap: a Secret may be on its way. */
  static final Duration LEAST_PATIENCE = Duration.ofHours(1);

  public Authorities {
    formers = formers.stream().sorted(byPathLength()).toList();
    path = List.copyOf(path);
  }

  private static Comparator<FormerAuthority> byPathLength() {
    return Comparator.<FormerAuthority>comparingInt(
            former -> former.authority().pair().certificate().getBasicConstraints())
        .thenComparing(former -> former.authority().number(), Comparator.reverseOrder());
  }

  /** One authority, and nothing else. */
  static Authorities only(AuthorityGeneration issuing, int highest) {
    return new Authorities(highest, issuing, Optional.empty(), List.of(), List.of());
  }

  public RolloverStage stage() {
    if (next.isPresent()) {
      return RolloverStage.TRUST;
    }
    return formers.isEmpty()
        ? RolloverStage.CURRENT
        : formers.stream().allMatch(former -> former.since().isPresent())
            ? RolloverStage.OBSERVE
            : RolloverStage.ISSUE;
  }

  /** The one that a rollover leads to. */
  public AuthorityGeneration newest() {
    return next.orElse(issuing);
  }

  /** All that are trusted; the one that issues is the first. */
  public List<KeyAndCertificate> trusted() {
    return Stream.of(
            Stream.of(issuing), next.stream(), formers.stream().map(FormerAuthority::authority))
        .flatMap(each -> each)
        .map(AuthorityGeneration::pair)
        .toList();
  }

  /** Their certificates. */
  public List<X509Certificate> trustedCertificates() {
    return trusted().stream().map(KeyAndCertificate::certificate).toList();
  }

  /** The issuing one, with the path that is shown with what it issues to servers. */
  public KeyAndCertificate forServers() {
    return new KeyAndCertificate(
        issuing.pair().key(),
        Stream.concat(issuing.pair().chain().stream(), path.stream()).toList());
  }

  /** When the last of the formers is trusted no longer; empty where that is not known yet. */
  public Optional<Instant> lastUntil(Duration overlap) {
    return formers.stream().allMatch(former -> former.since().isPresent())
        ? formers.stream().map(former -> former.until(overlap)).max(Comparator.naturalOrder())
        : Optional.empty();
  }

  /**
   * Whether a rollover waits for a user whose Secret was not seen to hold a certificate of the
   * issuing one. If one was issued, not for longer than the overlap: whoever may write the Secret
   * could keep a former authority trusted for ever. Else until it is its turn.
   */
  public boolean waitsFor(boolean isIssued, Duration overlap, Instant now) {
    var patience = overlap.compareTo(LEAST_PATIENCE) > 0 ? overlap : LEAST_PATIENCE;
    return !isIssued
        || formers.stream()
            .map(former -> former.left().orElse(now))
            .anyMatch(left -> now.isBefore(left.plus(patience)));
  }

  /**
   * Whether a path can lead to all of these: an authority with n others on the path below it must
   * allow for n.
   */
  static boolean allowsPath(List<FormerAuthority> formers) {
    var sorted = formers.stream().sorted(byPathLength()).toList();
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i).authority().pair().certificate().getBasicConstraints() <= i) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "Authorities[" + issuing + ", " + stage() + "]";
  }
}
