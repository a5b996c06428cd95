package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.certificates.ClientAuthorities;
import io.mqttoperator.operator.broker.clients.CertificateRound.Outcome;
import io.mqttoperator.operator.broker.observation.UserObserver;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.kube.Writes;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.CertificateLedger.Entitlement;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerFile;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides on all users of a broker, and on what follows for certificates that were issued before.
 * Nothing is handed out here: what is issued must be in the stored ledger first.
 */
public final class UserCertificates {

  /** What has ended stays listed for as long as clocks may differ (RFC 5280 section 3.3). */
  private static final Duration KEPT_AFTER_END = Duration.ofDays(1);

  private final Caches caches;
  private final KubernetesClient client;
  private final CertificateIssuer issuer;
  private final Writes writes;
  private final Clock clock;
  private final SecureRandom random;

  public UserCertificates(
      Caches caches,
      KubernetesClient client,
      CertificateIssuer issuer,
      Writes writes,
      Clock clock,
      SecureRandom random) {
    this.caches = caches;
    this.client = client;
    this.issuer = issuer;
    this.writes = writes;
    this.clock = clock;
    this.random = random;
  }

  /**
   * What is decided.
   *
   * @param users by UID
   * @param ledger to be stored before any user's Secret is written
   * @param renewAt when to look again
   */
  record Decided(Map<String, UserDecision> users, CertificateLedger ledger, Instant renewAt) {

    /** Sessions are by name: whoever has it now waits until those that are refused are over. */
    Decided cutOff(Set<String> usernames) {
      if (usernames.isEmpty()) {
        return this;
      }
      var cutOff = new HashMap<>(users);
      cutOff.replaceAll(
          (uid, decision) ->
              usernames.contains(decision.seen().username())
                  ? decision.with(decision.certificate(), true)
                  : decision);
      return new Decided(cutOff, ledger, renewAt);
    }

    /** Nobody is let in under these names. */
    Decided shutOut(Set<String> usernames, Verdict why) {
      if (usernames.isEmpty()) {
        return this;
      }
      var judged = new HashMap<>(users);
      // Who leaves is let in no more anyway, and is not held back.
      judged.replaceAll(
          (uid, decision) ->
              usernames.contains(decision.seen().username()) && !decision.seen().isBeingDeleted()
                  ? (decision.accepted().isTrue() ? decision.judged(why) : decision)
                      .with(decision.certificate(), true)
                  : decision);
      return new Decided(judged, ledger, renewAt);
    }

    /** Accepted so far, and not any more, by UID. */
    Decided judged(Map<String, Verdict> verdicts) {
      if (verdicts.isEmpty()) {
        return this;
      }
      var judged = new HashMap<>(users);
      verdicts.forEach(
          (uid, verdict) ->
              judged.computeIfPresent(
                  uid,
                  (same, decision) ->
                      decision.accepted().isTrue() ? decision.judged(verdict) : decision));
      return new Decided(judged, ledger, renewAt);
    }

    UserDecision of(UserObservation user) {
      return Objects.requireNonNull(users.get(user.uid()));
    }
  }

  /** Decides. */
  Decided decide(
      List<UserObservation> users,
      StoredHashes stored,
      BrokerProfile profile,
      ClientAuthorities authorities,
      CertificateLedger ledger,
      DecidedUsers known,
      CertificateMemory memory)
      throws InterruptedException {
    memory.keepOnly(users.stream().map(UserObservation::uid).collect(Collectors.toSet()));
    var byUser = known.decide(users, profile.authentications(), stored);
    var asking =
        users.stream()
            .filter(user -> user.user().getSpec().certificate() != null)
            .map(user -> Objects.requireNonNull(byUser.get(user.uid())))
            .toList();
    if (asking.isEmpty() && ledger.entries().isEmpty()) {
      return new Decided(byUser, ledger, Instant.MAX);
    }
    var before = withoutEnded(ledger, crowded(ledger));
    var holders =
        before.entries().values().stream()
            .filter(entry -> entry.state() != LedgerEntry.State.REVOKED)
            .map(LedgerEntry::holder)
            .collect(Collectors.toSet());
    var supply = new CertificateSupply(authorities, before, memory, issuer, random, clock);
    var round =
        new CertificateRound(before, memory, user -> secret(user, holders, memory), supply, clock);
    return settled(byUser, writes.forEach(asking, round::decide), before);
  }

  /** Elsewhere those that have ended wait for the next write: each write is another. */
  private static Set<Integer> crowded(CertificateLedger ledger) {
    return ledger.mostBytes().entrySet().stream()
        .filter(shard -> shard.getValue() > LedgerFile.MAX_BYTES / 4 * 3)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private CertificateLedger withoutEnded(CertificateLedger ledger, Set<Integer> shards) {
    return shards.isEmpty()
        ? ledger
        : ledger.withoutEnded(clock.instant().minus(KEPT_AFTER_END), shards::contains);
  }

  /**
   * Where a user's certificate is. The caches hold what is labelled: before one is taken for lost,
   * and revoked, the API is asked.
   */
  private Optional<Secret> secret(
      UserDecision decided, Set<String> holders, CertificateMemory memory) {
    var user = decided.user();
    var cached = UserObserver.written(caches, user);
    return cached.isPresent()
            || !holders.contains(decided.seen().uid())
            || memory.undelivered(decided.seen().uid()).isPresent()
        ? cached
        : Optional.ofNullable(
                client
                    .secrets()
                    .inNamespace(user.getMetadata().getNamespace())
                    .withName(UserObservation.secretName(user))
                    .get())
            .filter(found -> Ownership.isOurs(found, user));
  }

  private Decided settled(
      Map<String, UserDecision> byUser, List<Outcome> outcomes, CertificateLedger ledger) {
    var now = clock.instant();
    var entitlements = new HashMap<String, Entitlement>();
    var entries = new ArrayList<LedgerEntry>();
    var renewAt = Instant.MAX;
    for (var outcome : outcomes) {
      var uid = outcome.decision().seen().uid();
      outcome.entitlement().ifPresent(entitled -> entitlements.put(uid, entitled));
      entries.addAll(outcome.entries());
      byUser.put(uid, outcome.decision());
      renewAt = outcome.renewAt().isBefore(renewAt) ? outcome.renewAt() : renewAt;
    }
    var next =
        ledger.with(entries).settled(holder -> Optional.ofNullable(entitlements.get(holder)), now);
    var kept = withoutEnded(next, next.changedShards(ledger));
    return new Decided(byUser, kept, renewAt).cutOff(kept.usernamesWithSessions());
  }
}
