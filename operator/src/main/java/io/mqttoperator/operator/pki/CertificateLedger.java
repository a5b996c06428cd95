package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Every client certificate of a broker that has not ended: to whom it was issued, and whether it
 * still counts. A certificate is in it before anybody can have it, so none is ever valid without
 * being known; and what was revoked stays so until its end.
 *
 * @param entries by serial number
 */
public record CertificateLedger(SortedMap<BigInteger, LedgerEntry> entries) {

  public static final CertificateLedger EMPTY = new CertificateLedger(List.of());

  /** The most bytes that are stored: what a Secret holds, and some room for its other parts. */
  public static final int MAX_BYTES = 1000 * 1024;

  /** Of what is read: 100 bytes for each of more entries than there can be. */
  private static final int MAX_TEXT_BYTES = 16 * 1024 * 1024;

  private static final String WHAT = "the list of issued certificates";

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

  /** Without what ended before {@code then}: nobody is let in with it anyway. */
  public CertificateLedger withoutEnded(Instant then) {
    return new CertificateLedger(
        entries.values().stream().filter(entry -> !entry.notAfter().isBefore(then)).toList());
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

  /** What {@link #render} gives at most. */
  public long mostBytes() {
    return entries.values().stream()
        .mapToLong(entry -> LedgerEntry.mostBytes(entry.username()))
        .sum();
  }

  /** A line for each, compressed: random numbers in hexadecimal take half of it. */
  public byte[] render() {
    var file = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(file)) {
      for (LedgerEntry entry : entries.values()) {
        zip.write((entry.line() + "\n").getBytes(US_ASCII));
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return file.toByteArray();
  }

  /**
   * Reads it back.
   *
   * @throws InvalidCertificateException if it is not what {@link #render} writes
   */
  public static CertificateLedger parse(byte[] file) throws InvalidCertificateException {
    var entries = new ArrayList<LedgerEntry>();
    try (var zip = new GZIPInputStream(new ByteArrayInputStream(file))) {
      byte[] text = zip.readNBytes(MAX_TEXT_BYTES + 1);
      if (text.length > MAX_TEXT_BYTES) {
        throw new InvalidCertificateException(
            WHAT + ": at most " + MAX_TEXT_BYTES + " bytes are read");
      }
      for (String line : new String(text, US_ASCII).lines().toList()) {
        entries.add(LedgerEntry.parse(line));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidCertificateException(WHAT + " is not as it was written");
    }
    return new CertificateLedger(entries);
  }

  private CertificateLedger mapped(Function<LedgerEntry, LedgerEntry> change) {
    return new CertificateLedger(entries.values().stream().map(change).toList());
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
