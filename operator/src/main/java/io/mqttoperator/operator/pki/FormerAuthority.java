package io.mqttoperator.operator.pki;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An authority that issues nothing any more, and is still trusted.
 *
 * @param left when it issued last; empty where an earlier version did not write it
 * @param since when nothing that it has issued was needed any more, as far as that was seen; empty:
 *     not yet
 */
public record FormerAuthority(
    AuthorityGeneration authority, Optional<Instant> left, Optional<Instant> since) {

  static FormerAuthority leaving(AuthorityGeneration authority, Instant now) {
    return new FormerAuthority(authority, Optional.of(now), Optional.empty());
  }

  /** When it is trusted no longer; at its own end at the latest. */
  public Instant until(Duration overlap) {
    var end = authority.pair().notAfter();
    return since
        .filter(time -> Duration.between(time, end).compareTo(overlap) > 0)
        .map(time -> time.plus(overlap))
        .orElse(end);
  }
}
