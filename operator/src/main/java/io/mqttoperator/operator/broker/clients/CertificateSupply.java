package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.certificates.ClientAuthorities;
import io.mqttoperator.operator.broker.profile.UserCertificateSettings;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.ClientProfile;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.IssuedCertificate;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.KeyIdentifier;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerRoom;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.RenewalWindow;
import io.mqttoperator.operator.pki.SigningRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Issues the certificates of one pass, as far as its time and the ledger's room go. */
final class CertificateSupply {

  /** How long a pass may make keys, so that other changes do not wait: RSA takes its time. */
  private static final Duration LONGEST_ISSUING = Duration.ofSeconds(2);

  private static final Duration NEXT_ROUND = Duration.ofMillis(200);

  private static final Duration UNTIL_THERE_IS_ROOM = Duration.ofMinutes(10);

  private final ClientAuthorities authorities;
  private final KeyAndCertificate authority;
  private final CertificateLedger ledger;
  private final CertificateMemory memory;
  private final CertificateIssuer issuer;
  private final SecureRandom random;
  private final Clock clock;
  private final Instant now;
  private final LedgerRoom room;

  CertificateSupply(
      ClientAuthorities authorities,
      CertificateLedger ledger,
      CertificateMemory memory,
      CertificateIssuer issuer,
      SecureRandom random,
      Clock clock) {
    this.authorities = authorities;
    this.authority = authorities.issuing();
    this.ledger = ledger;
    this.memory = memory;
    this.issuer = issuer;
    this.random = random;
    this.clock = clock;
    this.now = clock.instant();
    this.room = new LedgerRoom(ledger);
  }

  Instant now() {
    return now;
  }

  /** That a user got none since the ledger has no room for it: others may have had theirs. */
  Optional<Verdict> noRoomFor(UserDecision user) {
    return hasNoRoomFor(user)
        ? Optional.of(
            Verdict.no(
                Reason.TOO_LARGE,
                ("spec.certificate: the broker keeps track of %d certificates that have not ended, and"
                        + " keeps room for the next one of each user: there is none for another"
                        + " user. Use another broker.")
                    .formatted(ledger.entries().size())))
        : Optional.empty();
  }

  private boolean hasNoRoomFor(UserDecision user) {
    return room.hasRefused(user.seen().uid());
  }

  /** When to try again for a user who got none; empty where waiting changes nothing. */
  Optional<Instant> nextRound(UserDecision user) {
    return user.accepted().isTrue()
        ? Optional.of(now.plus(hasNoRoomFor(user) ? UNTIL_THERE_IS_ROOM : NEXT_ROUND))
        : Optional.empty();
  }

  /** Why a user gets none, as a sentence, where another pass alone does not change it. */
  Optional<String> obstacle(UserDecision user) {
    if (!user.accepted().isTrue()) {
      return Optional.of("The user is not accepted: mend what its condition Accepted says.");
    }
    return hasNoRoomFor(user)
        ? Optional.of(
            "The broker cannot keep track of one more certificate that has not ended: delete users,"
                + " or use another broker.")
        : Optional.empty();
  }

  private boolean hasTime() {
    return !clock.instant().isAfter(now.plus(LONGEST_ISSUING));
  }

  /** The certificate that a user is to have. */
  DesiredCertificate desired(
      UserDecision user, UserCertificateSettings settings, Optional<SigningRequest> request) {
    var profile =
        new ClientProfile(user.seen().username(), settings.keyAlgorithm(), settings.validity());
    var renewBefore =
        RenewalWindow.spread(settings.validity(), settings.renewBefore(), user.seen().uid());
    var desired =
        DesiredCertificate.issuedBy(authority, profile, renewBefore, settings.generation());
    return request.map(asked -> desired.withKey(asked.key())).orElse(desired);
  }

  /**
   * One that was issued and is not stored yet; else another, if there is time and room.
   *
   * @param old whose key may stay
   */
  Optional<ClientIdentity> next(
      UserDecision user,
      UserCertificateSettings settings,
      DesiredCertificate desired,
      Optional<ClientIdentity> old) {
    var uid = user.seen().uid();
    var waiting =
        memory
            .undelivered(uid)
            .filter(one -> mayCount(one.identity(), user))
            .filter(one -> isCurrent(one, desired));
    if (waiting.isPresent()) {
      // What is not entered has no room yet: what was to be stored with it came to nothing.
      return waiting
          .map(CertificateMemory.Undelivered::identity)
          .filter(one -> isEntered(one) || room.take(uid, user.seen().username()));
    }
    if (!user.accepted().isTrue() || !hasTime() || !room.take(uid, user.seen().username())) {
      return Optional.empty();
    }
    var made = withPkcs12(user, settings, ClientIdentity.of(issue(settings, desired, old)));
    memory.issued(uid, made, settings.generation(), now);
    return Optional.of(made);
  }

  /** Whether it is not listed yet, or is as this user's. */
  private boolean mayCount(ClientIdentity identity, UserDecision user) {
    return ledger
        .find(identity.serial())
        .map(entry -> entry.countsFor(user.seen().uid()))
        .orElse(true);
  }

  private boolean isCurrent(CertificateMemory.Undelivered one, DesiredCertificate desired) {
    return RenewalRules.decide(Optional.of(one.identity().of(one.generation())), desired, clock)
        instanceof RenewalDecision.Keep;
  }

  private IssuedCertificate issue(
      UserCertificateSettings settings, DesiredCertificate desired, Optional<ClientIdentity> old) {
    var profile = (ClientProfile) desired.profile();
    if (desired.key().isPresent()) {
      return issuer.issueClient(authority, profile, desired.key().get());
    }
    return settings.keepsKey()
            && old.isPresent()
            && old.get().certificate() instanceof KeyAndCertificate pair
            && KeyAlgorithm.of(pair.key()).equals(Optional.of(profile.keyAlgorithm()))
        ? issuer.renewClient(authority, profile, pair)
        : issuer.issueClient(authority, profile);
  }

  /** In the form that is asked for. */
  ClientIdentity withPkcs12(
      UserDecision user, UserCertificateSettings settings, ClientIdentity identity) {
    if (!settings.pkcs12()) {
      return identity.withoutPkcs12();
    }
    // It costs tens of milliseconds: that is what its encryption is for.
    return identity.hasPkcs12() || !hasTime()
        ? identity
        : identity.withPkcs12(user.seen().username(), Password.generate(random));
  }

  /** When one that was issued just now is to be renewed. */
  Instant renewAt(ClientIdentity made, DesiredCertificate desired) {
    var stored = Optional.of(made.of((int) desired.generation()));
    return RenewalRules.decide(stored, desired, clock) instanceof RenewalDecision.Keep keep
        ? keep.renewAt()
        : made.certificate().notAfter();
  }

  /** What is to be listed of one, where it is not yet. */
  List<LedgerEntry> entries(
      ClientIdentity made, UserDecision user, UserCertificateSettings settings) {
    return isEntered(made)
        ? List.of()
        : List.of(
            LedgerEntry.issued(
                    made.certificate(),
                    KeyIdentifier.of(authority.certificate()),
                    user.seen().uid(),
                    settings.generation(),
                    now)
                .inShard(room.placeOf(user.seen().uid()).orElseThrow()));
  }

  private boolean isEntered(ClientIdentity identity) {
    return ledger.find(identity.serial()).isPresent();
  }

  /**
   * What somebody else put there: where an authority of ours has signed it, it is never to count.
   */
  List<LedgerEntry> strangers(UserDecision user, Optional<ClientIdentity> found) {
    var uid = user.seen().uid();
    return found
        .filter(identity -> !isEntered(identity))
        .filter(
            identity ->
                memory
                    .undelivered(uid)
                    .filter(own -> own.identity().serial().equals(identity.serial()))
                    .isEmpty())
        .flatMap(
            identity ->
                authorities
                    .issuerOf(identity.certificate(), user.seen().username())
                    .map(
                        issuer ->
                            LedgerEntry.revoked(
                                    identity.certificate(),
                                    KeyIdentifier.of(issuer.certificate()),
                                    uid,
                                    now)
                                .inShard(room.force(user.seen().username()))))
        .stream()
        .toList();
  }
}
