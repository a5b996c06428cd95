package io.mqttoperator.operator.pki;

import java.time.Duration;
import java.time.Instant;

/**
 * An authority that was in use until its broker's owner asked for another.
 *
 * @param left when the other took its place
 * @param until when it is trusted no longer; at its own end at the latest
 */
public record FormerSigner(OwnAuthority authority, Instant left, Instant until) {

  /**
   * One that was left.
   *
   * @param overlap how long it is trusted after that
   */
  static FormerSigner of(OwnAuthority authority, Instant left, Duration overlap) {
    var end = authority.end();
    // The sum may be beyond what an Instant can say.
    var isCut = Duration.between(left, end).compareTo(overlap) > 0;
    return new FormerSigner(authority, left, isCut ? left.plus(overlap) : end);
  }
}
