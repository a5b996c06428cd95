package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.UserCertificate;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.profile.UserCertificateSettings;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.CertificateLedger.Entitlement;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.IssueReason;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.SigningRequest;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Decides on the certificates of a broker's users, one by one and side by side: which count, and
 * which are issued now.
 */
final class CertificateRound {

  /** No certificate's: where none of those that were issued counts. */
  private static final BigInteger NONE = BigInteger.ZERO;

  private final CertificateLedger ledger;
  private final CertificateMemory memory;
  private final Function<UserDecision, Optional<Secret>> secrets;
  private final CertificateSupply supply;
  private final Clock clock;

  /**
   * @param secrets where a user's certificate is, as it was written
   */
  CertificateRound(
      CertificateLedger ledger,
      CertificateMemory memory,
      Function<UserDecision, Optional<Secret>> secrets,
      CertificateSupply supply,
      Clock clock) {
    this.ledger = ledger;
    this.memory = memory;
    this.secrets = secrets;
    this.supply = supply;
    this.clock = clock;
  }

  /**
   * What became of one user.
   *
   * @param entitlement empty: to no certificate ever issued
   * @param entries new ones
   */
  record Outcome(
      UserDecision decision,
      Optional<Entitlement> entitlement,
      List<LedgerEntry> entries,
      Instant renewAt) {}

  /** Decides on a user whose spec asks for a certificate. */
  Outcome decide(UserDecision user) {
    var seen = user.seen();
    if (seen.isBeingDeleted() || seen.isDisabled() || seen.isRenamed()) {
      return refused(user, Optional.empty());
    }
    var isRefused =
        !user.accepted().isTrue() && !Password.KEEP_LAST_GOOD.contains(user.accepted().reason());
    // One that was accepted, and may be so again: none of its certificates is lost.
    if (isRefused || UserCertificateSettings.problem(asked(user)).isPresent()) {
      return refused(user, Optional.of(new Entitlement(0, Optional.empty(), false)));
    }
    var settings = UserCertificateSettings.of(asked(user));
    try {
      var request =
          settings.request().isPresent()
              ? Optional.of(memory.request(seen.uid(), settings.request().get(), seen.username()))
              : Optional.<SigningRequest>empty();
      return decide(user, settings, supply.desired(user, settings, request));
    } catch (InvalidCertificateException refused) {
      return unsigned(user, settings, refused.problem());
    }
  }

  private static UserCertificate asked(UserDecision user) {
    return Objects.requireNonNull(user.user().getSpec().certificate());
  }

  private Optional<ClientIdentity> found(UserDecision user) {
    return secrets.apply(user).flatMap(secret -> memory.read(user.seen().uid(), secret));
  }

  private Outcome decide(
      UserDecision user, UserCertificateSettings settings, DesiredCertificate desired) {
    var uid = user.seen().uid();
    var found = found(user);
    var entry = found.flatMap(identity -> ledger.find(identity.serial()));
    if (entry.filter(listed -> listed.countsFor(uid)).isEmpty()) {
      return replace(user, settings, desired, IssueReason.MISSING, supply.strangers(user, found));
    }
    var identity = found.orElseThrow();
    var generation = entry.orElseThrow().generation();
    return switch (memory.decide(uid, identity, generation, desired, clock)) {
      case RenewalDecision.Keep keep -> {
        memory.delivered(uid);
        yield holding(user, settings, identity, keep.renewAt(), List.of());
      }
      case RenewalDecision.Issue issue when issue.reason() == IssueReason.GENERATION_RAISED ->
          replace(user, settings, desired, issue.reason(), List.of());
      case RenewalDecision.Issue issue -> renew(user, settings, desired, identity);
    };
  }

  /** Ahead of time: the old one stays valid. */
  private Outcome renew(
      UserDecision user,
      UserCertificateSettings settings,
      DesiredCertificate desired,
      ClientIdentity old) {
    memory.behind(user.seen().uid());
    return supply
        .next(user, settings, desired, Optional.of(old))
        .map(
            made ->
                holding(
                    user,
                    settings,
                    made,
                    supply.renewAt(made, desired),
                    supply.entries(made, user, settings)))
        .orElseGet(() -> goingOn(user, settings, old, desired));
  }

  /** Where there is no new one yet. */
  private Outcome goingOn(
      UserDecision user,
      UserCertificateSettings settings,
      ClientIdentity old,
      DesiredCertificate desired) {
    var renewAt = RenewalRules.dueAt(old.certificate(), desired);
    var isOverdue = ClientCertificate.isOverdue(renewAt, supply.now());
    var certificate =
        issued(
            supply.withPkcs12(user, settings, old),
            renewAt,
            isOverdue ? supply.obstacle(user) : Optional.empty());
    var overdueAt =
        isOverdue ? Instant.MAX : renewAt.plus(ClientCertificate.OVERDUE_AFTER).plusSeconds(1);
    var lookAt = supply.nextRound(user).orElse(Instant.MAX);
    return new Outcome(
        user.with(certificate, false),
        entitled(settings),
        List.of(),
        lookAt.isBefore(overdueAt) ? lookAt : overdueAt);
  }

  /** In place of all earlier ones: they are lost, or may have been stolen. */
  private Outcome replace(
      UserDecision user,
      UserCertificateSettings settings,
      DesiredCertificate desired,
      IssueReason reason,
      List<LedgerEntry> strangers) {
    memory.behind(user.seen().uid());
    var made = supply.next(user, settings, desired, Optional.empty());
    var only =
        reason == IssueReason.MISSING
            ? Optional.of(made.map(ClientIdentity::serial).orElse(NONE))
            : Optional.<BigInteger>empty();
    var entitlement = Optional.of(new Entitlement(settings.generation(), only, true));
    if (made.isEmpty()) {
      return new Outcome(
          supply.noRoomFor(user).map(user::judged).orElse(user),
          entitlement,
          strangers,
          supply.nextRound(user).orElse(Instant.MAX));
    }
    var entries = new ArrayList<>(strangers);
    entries.addAll(supply.entries(made.get(), user, settings));
    var renewAt = supply.renewAt(made.get(), desired);
    var certificate = issued(made.get(), renewAt, Optional.empty());
    return new Outcome(user.with(certificate, false), entitlement, entries, renewAt);
  }

  /** Who could log in before still can, unless that was revoked meanwhile. */
  private Outcome unsigned(UserDecision user, UserCertificateSettings settings, String problem) {
    var refused =
        user.judged(
            Verdict.no(Reason.INVALID_CERTIFICATE, "spec.certificate.csr: %s.".formatted(problem)));
    return found(user)
        .filter(
            identity ->
                ledger
                    .find(identity.serial())
                    .filter(entry -> entry.countsFor(user.seen().uid()))
                    .filter(entry -> entry.generation() >= settings.generation())
                    .isPresent())
        .map(
            identity ->
                goingOn(
                    refused, settings, identity, supply.desired(user, settings, Optional.empty())))
        .orElseGet(() -> new Outcome(refused, entitled(settings), List.of(), Instant.MAX));
  }

  private Outcome refused(UserDecision user, Optional<Entitlement> entitlement) {
    var files =
        secrets.apply(user).map(ClientIdentity::files).orElseGet(TreeMap<String, SecretBytes>::new);
    return new Outcome(
        user.with(new ClientCertificate.Refused(files), false),
        entitlement,
        List.of(),
        Instant.MAX);
  }

  private static Optional<Entitlement> entitled(UserCertificateSettings settings) {
    return Optional.of(new Entitlement(settings.generation(), Optional.empty(), true));
  }

  private Outcome holding(
      UserDecision user,
      UserCertificateSettings settings,
      ClientIdentity identity,
      Instant renewAt,
      List<LedgerEntry> entries) {
    var certificate =
        issued(supply.withPkcs12(user, settings, identity), renewAt, Optional.empty());
    return new Outcome(user.with(certificate, false), entitled(settings), entries, renewAt);
  }

  private static ClientCertificate issued(
      ClientIdentity identity, Instant renewAt, Optional<String> overdue) {
    return new ClientCertificate.Issued(
        identity.certificate().serialHex(),
        identity.certificate().notAfter(),
        renewAt,
        identity.files(),
        overdue);
  }
}
