package io.mqttoperator.operator.pki;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Every client certificate of a broker that has not ended: to whom it was issued, and whether it
 * still counts. A certificate is in it before anybody can have it, so none is ever valid without
 * being known; and what was revoked stays so until its end.
 *
 * @param entries by serial number
 */
public record CertificateLedger(SortedMap<BigInteger, LedgerEntry> entries) {

  public static final CertificateLedger EMPTY = new CertificateLedger(List.of());

  public CertificateLedger {
    entries = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  private CertificateLedger(Collection<LedgerEntry> entries) {
    this(bySerial(entries));
  }

  /**
   * What the holders of certificates are entitled to now.
   *
   * @param generation from which on certificates count; all others are revoked
   * @param only the one that counts, where the others are lost; empty: all of the generation
   * @param mayConnect false: none is let in, for as long as it is so
   */
  public record Entitlement(int generation, Optional<BigInteger> only, boolean mayConnect) {

    boolean covers(LedgerEntry entry) {
      return entry.generation() >= generation
          && only.map(serial -> serial.equals(entry.serial())).orElse(true);
    }
  }

  /**
   * What is left where only a revocation list is: whatever stands there stays revoked, until the
   * list ends, which is with its authority.
   */
  public static CertificateLedger recovered(CertificateRevocationList list) {
    return new CertificateLedger(
        list.revokedSerials().stream()
            .map(serial -> LedgerEntry.ofUnknown(serial, list.nextUpdate(), list.thisUpdate()))
            .toList());
  }

  /** With more entries; one of a serial number that is there is replaced. */
  public CertificateLedger with(Collection<LedgerEntry> more) {
    if (more.isEmpty()) {
      return this;
    }
    var all = new TreeMap<>(entries);
    all.putAll(bySerial(more));
    return new CertificateLedger(all);
  }

  /**
   * Revokes, and holds back, what nobody is entitled to now.
   *
   * @param entitlements by holder; a holder without one is gone
   */
  public CertificateLedger settled(
      Function<String, Optional<Entitlement>> entitlements, Instant now) {
    return mapped(
        entry -> {
          if (entry.state() == State.REVOKED) {
            return entry;
          }
          var entitled = entitlements.apply(entry.holder());
          if (entitled.filter(one -> one.covers(entry)).isEmpty()) {
            return entry.refused(State.REVOKED, now);
          }
          return entitled.get().mayConnect() ? entry.accepted() : entry.refused(State.HELD, now);
        });
  }

  /** The sessions of these users are over. */
  public CertificateLedger withoutSessions(Set<String> usernames) {
    return mapped(entry -> usernames.contains(entry.username()) ? entry.withoutSession() : entry);
  }

  /**
   * Without what ended before {@code then}: nobody is let in with it anyway.
   *
   * @param inShard in which shards; the others are not written for that alone
   */
  public CertificateLedger withoutEnded(Instant then, IntPredicate inShard) {
    var left =
        entries.values().stream()
            .filter(entry -> !inShard.test(entry.shard()) || !entry.notAfter().isBefore(then))
            .toList();
    return left.size() == entries.size() ? this : new CertificateLedger(left);
  }

  /** In which shards something is other than in {@code before}. */
  @SuppressWarnings("ReferenceEquality") // what was not changed is the same
  public SortedSet<Integer> changedShards(CertificateLedger before) {
    var changed = new TreeSet<Integer>();
    if (this == before) {
      return changed;
    }
    for (var entry : entries.values()) {
      var known = before.entries.get(entry.serial());
      if (!entry.equals(known)) {
        changed.add(entry.shard());
        if (known != null) {
          changed.add(known.shard());
        }
      }
    }
    for (var entry : before.entries.values()) {
      if (!entries.containsKey(entry.serial())) {
        changed.add(entry.shard());
      }
    }
    return changed;
  }

  /** How many shards it takes, from the first to the last one that holds something. */
  public int shards() {
    return 1 + entries.values().stream().mapToInt(LedgerEntry::shard).max().orElse(0);
  }

  /** What is in one of them. */
  public List<LedgerEntry> shard(int number) {
    return entries.values().stream().filter(entry -> entry.shard() == number).toList();
  }

  public Optional<LedgerEntry> find(BigInteger serial) {
    return Optional.ofNullable(entries.get(serial));
  }

  /** What is not to be let in. */
  public List<LedgerEntry> refused() {
    return entries.values().stream().filter(entry -> entry.state() != State.ISSUED).toList();
  }

  /** The same, as revocation lists name it. */
  public List<RevokedCertificate> revoked() {
    return refused().stream().map(LedgerEntry::listed).toList();
  }

  /** The usernames whose sessions may be of a certificate that is refused. */
  public Set<String> usernamesWithSessions() {
    return entries.values().stream()
        .filter(LedgerEntry::hasSession)
        .map(LedgerEntry::username)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What each shard's {@link LedgerFile} takes at most. */
  public Map<Integer, Long> mostBytes() {
    return entries.values().stream()
        .collect(
            Collectors.groupingBy(
                LedgerEntry::shard,
                Collectors.summingLong(entry -> LedgerEntry.mostBytes(entry.username()))));
  }

  private CertificateLedger mapped(Function<LedgerEntry, LedgerEntry> change) {
    var changed = new HashMap<BigInteger, LedgerEntry>();
    for (var entry : entries.values()) {
      var now = change.apply(entry);
      if (!now.equals(entry)) {
        changed.put(entry.serial(), now);
      }
    }
    return changed.isEmpty() ? this : with(changed.values());
  }

  private static SortedMap<BigInteger, LedgerEntry> bySerial(Collection<LedgerEntry> entries) {
    var sorted = new TreeMap<BigInteger, LedgerEntry>();
    entries.forEach(entry -> sorted.put(entry.serial(), entry));
    return sorted;
  }

  @Override
  public String toString() {
    return "CertificateLedger[" + Map.of("entries", entries.size()) + "]";
  }
}
