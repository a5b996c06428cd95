package io.mqttoperator.operator.broker.clients;

import static java.util.Comparator.naturalOrder;

import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.clients.UserCertificates.Decided;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.broker.sessions.SessionTakeover;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.pki.CertificateIssuer;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of a pass that is about what clients show in TLS: certificates and pre-shared keys. What
 * is issued or revoked is stored first of all: before a certificate is handed out, a revision says
 * so, or a finalizer is released. A pass that is cut off there has done no harm, and the next one
 * goes on from what is stored.
 */
public final class ClientPass {

  private final LedgerStore ledgers;
  private final UserCertificates certificates;
  private final Revocations revocations;
  private final KeySessions keySessions;
  private final SessionTakeover takeover;
  private final Clock clock;

  public ClientPass(
      Applier applier,
      UserCertificates certificates,
      CertificateIssuer issuer,
      SessionTakeover takeover,
      Clock clock) {
    this.ledgers = new LedgerStore(applier);
    this.certificates = certificates;
    this.revocations = new Revocations(issuer, clock);
    this.keySessions = new KeySessions(applier);
    this.takeover = takeover;
    this.clock = clock;
  }

  /**
   * What is decided and stored.
   *
   * @param secrets with what pods are told of it
   * @param stored the ledger, as it is now
   * @param ending the sessions of pre-shared keys that are to end
   */
  public record Outcome(
      Decided decided, BrokerSecrets secrets, LedgerSecrets stored, KeySessions.Ending ending) {

    /** The users whose sessions are to end. */
    Set<String> usernamesWithSessions() {
      var usernames = new HashSet<>(decided.ledger().usernamesWithSessions());
      usernames.addAll(ending.usernames());
      return usernames;
    }

    /** The users whose revoked certificates are not all listed. */
    Set<String> shutOut() {
      return secrets.clients().map(trust -> trust.listed().shutOut()).orElse(Set.of());
    }

    /** When to look again. */
    Instant renewAt(Instant now) {
      var others = secrets.renewAt(now);
      return decided.renewAt().isBefore(others) ? decided.renewAt() : others;
    }

    @Override
    public String toString() {
      return "Outcome[" + decided.ledger() + "]";
    }
  }

  /**
   * Decides on all users, and stores what was issued and revoked.
   *
   * @throws UnusableAuthority if what is stored cannot be read
   * @throws DoNotFit if the revocation lists cannot hold what they must
   */
  public Outcome decide(
      BrokerProfile profile, BrokerSecrets secrets, BrokerObservation seen, ClientMemory memory)
      throws InterruptedException, UnusableAuthority, DoNotFit {
    var stored = ledgers.read(profile, seen, memory.certificates);
    var authorities = secrets.clientAuthorities();
    var decided =
        certificates.decide(
            seen.users(),
            seen.storedHashes(),
            profile,
            authorities,
            stored.ledger(),
            memory.decided,
            memory.certificates);
    var written = ledgers.write(profile, decided.ledger(), stored, memory.certificates);
    var room = SecretBlueprint.roomForRevocations(secrets, authorities);
    var trust = revocations.trust(authorities, decided.ledger(), room, seen, memory.certificates);
    var told =
        decided
            .shutOut(trust.listed().shutOut(), trust.listed().ofUser())
            .judged(Delivery.overdue(memory.certificates, clock.instant()));
    var behind = new HashMap<String, String>();
    for (var uid : memory.certificates.behind()) {
      behind.put(uid, Objects.requireNonNull(decided.users().get(uid)).seen().username());
    }
    var ending = keySessions.storeDecided(profile, seen, decided.users().values(), memory.keys);
    return new Outcome(told.cutOff(ending.cutOff()), secrets.with(trust, behind), written, ending);
  }

  /**
   * Stores whose sessions are to end, before a revision is written: their keys are not in it.
   *
   * @throws DoNotFit if those are too many for one pass
   */
  public Outcome storeEnding(
      BrokerProfile profile,
      Outcome clients,
      RevisionSecrets files,
      BrokerObservation seen,
      ClientMemory memory)
      throws DoNotFit {
    var ending = keySessions.storeWritten(profile, seen, files, memory.keys, clients.ending());
    return new Outcome(clients.decided(), clients.secrets(), clients.stored(), ending);
  }

  /**
   * Ends the sessions that refused certificates and keys may have opened, once every running pod is
   * proven to refuse them: before, they could be opened again.
   *
   * @return the usernames of which none is left
   */
  public Set<String> endSessions(
      BrokerProfile profile,
      Outcome clients,
      Enforcement enforcement,
      BrokerObservation seen,
      ClientMemory memory)
      throws InterruptedException {
    var usernames = clients.usernamesWithSessions();
    if (usernames.isEmpty() || !(enforcement instanceof Enforcement.Proven)) {
      return Set.of();
    }
    // In their order, so that each has its turn; other changes wait for the pass to end. What a
    // certificate that is on no list has opened, it may open again: that has time.
    var shutOut = clients.shutOut();
    var some =
        usernames.stream()
            .sorted(
                Comparator.<String, Boolean>comparing(shutOut::contains)
                    .thenComparing(naturalOrder()))
            .limit(SessionTakeover.MOST)
            .collect(Collectors.toSet());
    var ended = takeover.end(some, seen.pods(), profile.names(), clients.secrets());
    // That it is written begins the next pass, which gives those users their rights again.
    var ledger = clients.decided().ledger();
    var over = new HashSet<>(ended);
    over.removeAll(shutOut);
    if (!Collections.disjoint(over, ledger.usernamesWithSessions())) {
      var unused =
          ledgers.write(
              profile, ledger.withoutSessions(over), clients.stored(), memory.certificates);
    }
    keySessions.end(profile, clients.ending(), ended);
    return ended;
  }

  /** As decided, after the sessions of these users have ended. */
  public static List<UserDecision> without(List<UserDecision> users, Set<String> ended) {
    return ended.isEmpty()
        ? users
        : users.stream()
            .map(
                user ->
                    ended.contains(user.seen().username())
                        ? user.with(user.certificate(), false)
                        : user)
            .toList();
  }

  /** When to look again: soon, where a session could not be ended. */
  public Instant nextLook(Outcome clients, Enforcement enforcement, Set<String> ended) {
    var usernames = clients.usernamesWithSessions();
    usernames.removeAll(clients.shutOut());
    var isLeft = !ended.containsAll(usernames);
    return isLeft && enforcement instanceof Enforcement.Proven
        ? clock.instant().plus(SessionTakeover.NEXT_TRY)
        : clients.renewAt(clock.instant());
  }
}
