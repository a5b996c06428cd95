package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.pki.AuthorityProof;
import io.mqttoperator.operator.pki.AuthorityRollover;
import io.mqttoperator.operator.pki.RolloverDecision;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;

/** What a pass over a broker has seen of its authorities, so that a rollover can go on. Pure. */
public final class AuthorityRound {

  private AuthorityRound() {}

  /**
   * What every running pod is known to trust and to show.
   *
   * @param secrets of the revision that was proven
   */
  public static AuthorityProof proof(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AccessPlan plan,
      CertificateMemory memory,
      Clock clock) {
    var authorities = secrets.generated().authorities();
    var issuing = authorities.issuing();
    var overlap = profile.authorityRequest().overlap();
    // One that is refused, or whose Secret cannot be written, must not hold up all others.
    var isReplaced =
        plan.users().stream()
            // One that waits for its Secret is refused before its time is over.
            .filter(
                user ->
                    user.accepted().isTrue() || memory.undelivered(user.seen().uid()).isPresent())
            .map(user -> user.seen().uid())
            .filter(uid -> secrets.behind().containsKey(uid))
            .noneMatch(
                uid ->
                    authorities.waitsFor(
                        memory.undelivered(uid).isPresent(), overlap, clock.instant()));
    return new AuthorityProof(
        Set.copyOf(secrets.clients().orElseThrow().authorities().certificates()),
        isReplaced ? issuing.number() : 0);
  }

  /** When to look again: soon, where a rollover can go on now. */
  public static Instant nextLook(
      BrokerProfile profile,
      BrokerSecrets secrets,
      AuthorityProof proof,
      Instant otherwise,
      Clock clock) {
    return secrets.isGeneratedInUse()
            && AuthorityRollover.decide(
                    secrets.generated().authorities(), profile.authorityRequest(), proof, clock)
                instanceof RolloverDecision.Step
        ? clock.instant()
        : otherwise;
  }
}
