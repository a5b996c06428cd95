package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.broker.certificates.ClientAuthorities;
import io.mqttoperator.operator.broker.certificates.ClientTrust;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.SigningRequest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of the certificates of one broker's users, by UID. All of it can be
 * lost. To read and verify a certificate takes a millisecond; and one that was issued, and not
 * stored for some reason, is to be stored later: each new one would stand in the ledger until its
 * end.
 */
final class CertificateMemory {

  private record Read(Secret secret, Optional<ClientIdentity> identity) {

    @Override
    public String toString() {
      return "Read[" + identity + "]";
    }
  }

  private record Kept(
      ClientIdentity identity,
      int generation,
      DesiredCertificate desired,
      RenewalDecision.Keep keep) {}

  /** What pods are to be told, and what it was made of. */
  record Trust(
      @Nullable Secret told,
      CertificateLedger ledger,
      List<X509Certificate> authorities,
      long room,
      ClientTrust content) {

    @SuppressWarnings("ReferenceEquality") // another object is another version
    boolean isOf(
        @Nullable Secret told, CertificateLedger ledger, ClientAuthorities authorities, long room) {
      // Where not all fit, it depends on the time and on users, too.
      return this.told == told
          && this.ledger == ledger
          && this.room == room
          && content.listed().left().isEmpty()
          && this.authorities.equals(authorities.certificates());
    }

    @Override
    public String toString() {
      return content.toString();
    }
  }

  /**
   * Issued, and not seen in the user's Secret yet.
   *
   * @param since when that, or the one before it, was issued
   */
  record Undelivered(ClientIdentity identity, int generation, Instant since) {}

  private sealed interface Parsed {
    record Valid(SigningRequest request) implements Parsed {}

    record Refused(InvalidCertificateException why) implements Parsed {}
  }

  private record Request(String pem, String username, Parsed parsed) {}

  /** Thousands of entries each. */
  @Nullable LedgerSecrets ledger;

  @Nullable Trust trust;

  private final Map<String, Request> requests = new ConcurrentHashMap<>();
  private final Map<String, Read> read = new ConcurrentHashMap<>();
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, Undelivered> undelivered = new ConcurrentHashMap<>();
  private final Set<String> behind = ConcurrentHashMap.newKeySet();

  /** The user is to have another certificate than the one in its Secret, or one at all. */
  void behind(String uid) {
    behind.add(uid);
  }

  /** The users whose Secret was not seen to hold what it is to hold. */
  Set<String> behind() {
    return Set.copyOf(behind);
  }

  /** What a user's Secret holds; the caches give another object for each version of it. */
  @SuppressWarnings("ReferenceEquality") // another object is another version
  Optional<ClientIdentity> read(String uid, Secret secret) {
    var before = read.get(uid);
    if (before != null && before.secret() == secret) {
      return before.identity();
    }
    var now = new Read(secret, ClientIdentity.read(secret));
    read.put(uid, now);
    return now.identity();
  }

  /** As {@link RenewalRules} decide on what was read. */
  @SuppressWarnings("ReferenceEquality") // it is read once
  RenewalDecision decide(
      String uid,
      ClientIdentity identity,
      int generation,
      DesiredCertificate desired,
      Clock clock) {
    var before = kept.get(uid);
    if (before != null
        && before.identity() == identity
        && before.generation() == generation
        && before.desired().equals(desired)
        && clock.instant().isBefore(before.keep().renewAt())) {
      return before.keep();
    }
    var decision = RenewalRules.decide(Optional.of(identity.of(generation)), desired, clock);
    if (decision instanceof RenewalDecision.Keep keep) {
      kept.put(uid, new Kept(identity, generation, desired, keep));
    }
    return decision;
  }

  /**
   * A user's signing request, read and verified once.
   *
   * @throws InvalidCertificateException if it cannot be signed
   */
  SigningRequest request(String uid, String pem, String username)
      throws InvalidCertificateException {
    var before = requests.get(uid);
    if (before == null || !before.pem().equals(pem) || !before.username().equals(username)) {
      before = new Request(pem, username, parse(pem, username));
      requests.put(uid, before);
    }
    return switch (before.parsed()) {
      case Parsed.Valid valid -> valid.request();
      case Parsed.Refused refused -> throw refused.why();
    };
  }

  private static Parsed parse(String pem, String username) {
    try {
      return new Parsed.Valid(SigningRequest.parse(pem, username));
    } catch (InvalidCertificateException refused) {
      return new Parsed.Refused(refused);
    }
  }

  void issued(String uid, ClientIdentity identity, int generation, Instant now) {
    var since = undelivered(uid).map(Undelivered::since).orElse(now);
    undelivered.put(uid, new Undelivered(identity, generation, since));
  }

  Optional<Undelivered> undelivered(String uid) {
    return Optional.ofNullable(undelivered.get(uid));
  }

  /** All of them. */
  Map<String, Undelivered> undelivered() {
    return Map.copyOf(undelivered);
  }

  void delivered(String uid) {
    undelivered.remove(uid);
  }

  /** Forgets the others: they are gone. */
  void keepOnly(Set<String> uids) {
    requests.keySet().retainAll(uids);
    read.keySet().retainAll(uids);
    kept.keySet().retainAll(uids);
    undelivered.keySet().retainAll(uids);
    behind.clear(); // each is looked at again
  }
}
