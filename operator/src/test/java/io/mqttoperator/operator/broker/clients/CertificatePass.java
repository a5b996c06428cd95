package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** What a pass decides on users' certificates, without a cluster. */
public final class CertificatePass {

  private final CertificateRound round;
  private CertificateLedger ledger;

  /**
   * One before which none has been issued.
   *
   * @param stored what stands in the Secret that was written for a user
   */
  public CertificatePass(BrokerSecrets secrets, Supplier<Secret> stored, Clock clock) {
    this(secrets, CertificateLedger.EMPTY, () -> Optional.of(stored.get()), clock);
  }

  CertificatePass(
      BrokerSecrets secrets,
      CertificateLedger ledger,
      Supplier<Optional<Secret>> stored,
      Clock clock) {
    this.ledger = ledger;
    var random = new SecureRandom();
    var memory = new CertificateMemory();
    var supply =
        new CertificateSupply(
            secrets.clientAuthorities(),
            ledger,
            memory,
            new CertificateIssuer(clock, random),
            random,
            clock);
    round = new CertificateRound(ledger, memory, user -> stored.get(), supply, clock);
  }

  public UserDecision decide(UserDecision user) {
    return outcome(user).decision();
  }

  CertificateRound.Outcome outcome(UserDecision user) {
    var outcome = round.decide(user);
    ledger = ledger.with(outcome.entries());
    return outcome;
  }

  /** All that were issued. */
  public CertificateLedger ledger() {
    return ledger;
  }
}
