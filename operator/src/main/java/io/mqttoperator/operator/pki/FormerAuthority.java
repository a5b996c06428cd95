package io.mqttoperator.operator.pki;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An authority that issues nothing any more, and is still trusted.
 *
 * @param since when nothing that it has issued was needed any more, as far as that was seen; empty:
 *     not yet
 */
public record FormerAuthority(AuthorityGeneration authority, Optional<Instant> since) {

  /** When it is trusted no longer; at its own end at the latest. */
  public Instant until(Duration overlap) {
    var end = authority.pair().notAfter();
    return since
        .filter(time -> Duration.between(time, end).compareTo(overlap) > 0)
        .map(time -> time.plus(overlap))
        .orElse(end);
  }
}
