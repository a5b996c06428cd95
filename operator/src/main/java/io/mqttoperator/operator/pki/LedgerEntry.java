package io.mqttoperator.operator.pki;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One client certificate in a {@link CertificateLedger}. Times are kept to the second.
 *
 * @param username its common name
 * @param holder whom it was issued to, by an identifier that no other ever has
 * @param generation of the request that it was issued for
 * @param since when it got into this state
 * @param hasSession whether a session that it opened may still be there
 * @param issuer the key of the authority that signed it; empty: it may be any, as earlier versions
 *     did not write it
 * @param shard in which of the ledger's Secrets it stands, until it ends
 */
public record LedgerEntry(
    BigInteger serial,
    String username,
    String holder,
    int generation,
    Instant notAfter,
    State state,
    Instant since,
    boolean hasSession,
    Optional<KeyIdentifier> issuer,
    int shard) {

  /** Whether it counts. */
  public enum State {
    ISSUED,
    /** Its holder is refused now, and may not be later. */
    HELD,
    REVOKED
  }

  private static final Pattern LINE =
      Pattern.compile(
          "([0-9a-f]{1,40}) (\\S{1,64}) (\\S{1,64}) ([0-9]{1,10}) ([0-9]{1,12})"
              + " (issued|held|revoked) ([0-9]{1,12})( session)?"
              + "(?: ("
              + KeyIdentifier.PATTERN
              + "))?");

  /** Measured: 55 at most, with random times and two authorities. */
  private static final long OTHER_BYTES = 56;

  private static final String SESSION = " session";
  private static final String NOBODY = "-";

  public LedgerEntry {
    notAfter = notAfter.truncatedTo(ChronoUnit.SECONDS);
    since = since.truncatedTo(ChronoUnit.SECONDS);
  }

  /** One of the first shard. */
  public LedgerEntry(
      BigInteger serial,
      String username,
      String holder,
      int generation,
      Instant notAfter,
      State state,
      Instant since,
      boolean hasSession,
      Optional<KeyIdentifier> issuer) {
    this(serial, username, holder, generation, notAfter, state, since, hasSession, issuer, 0);
  }

  /** One that is issued now. */
  public static LedgerEntry issued(
      IssuedCertificate pair, KeyIdentifier issuer, String holder, int generation, Instant now) {
    return new LedgerEntry(
        pair.certificate().getSerialNumber(),
        CommonName.of(pair.certificate()),
        holder,
        generation,
        pair.notAfter(),
        State.ISSUED,
        now,
        false,
        Optional.of(issuer));
  }

  /** One that nobody here has issued, or nobody knows of: it never counts. */
  public static LedgerEntry revoked(
      IssuedCertificate pair, KeyIdentifier issuer, String holder, Instant now) {
    return new LedgerEntry(
        pair.certificate().getSerialNumber(),
        CommonName.of(pair.certificate()),
        holder,
        0,
        pair.notAfter(),
        State.REVOKED,
        now,
        true,
        Optional.of(issuer));
  }

  /** The most bytes of one in a stored ledger, where digits take half a byte. */
  public static long mostBytes(String username) {
    return OTHER_BYTES + username.length();
  }

  /** One of which only the serial number is known: it is revoked. */
  static LedgerEntry ofUnknown(BigInteger serial, Instant notAfter, Instant since) {
    return new LedgerEntry(
        serial, NOBODY, NOBODY, 0, notAfter, State.REVOKED, since, false, Optional.empty());
  }

  /** Whether it is this holder's, and not revoked. */
  public boolean countsFor(String claimant) {
    return holder.equals(claimant) && state != State.REVOKED;
  }

  /** Whether this authority may have signed it. */
  public boolean mayBeOf(KeyIdentifier authority) {
    return issuer.isEmpty() || issuer.get().equals(authority);
  }

  /** Whether anybody is known whose it was. */
  public boolean hasHolder() {
    return !holder.equals(NOBODY);
  }

  /** As a revocation list names it. */
  public RevokedCertificate listed() {
    return new RevokedCertificate(serial, since);
  }

  LedgerEntry refused(State why, Instant now) {
    // Whoever was refused already has no session left, or is known to have one.
    return state == why
        ? this
        : in(why, state == State.ISSUED ? now : since, state == State.ISSUED || hasSession);
  }

  LedgerEntry accepted() {
    return state == State.ISSUED ? this : in(State.ISSUED, since, hasSession);
  }

  LedgerEntry withoutSession() {
    return hasSession ? in(state, since, false) : this;
  }

  private LedgerEntry in(State state, Instant since, boolean hasSession) {
    return new LedgerEntry(
        serial, username, holder, generation, notAfter, state, since, hasSession, issuer, shard);
  }

  /** The same in another of the ledger's Secrets. */
  public LedgerEntry inShard(int number) {
    return new LedgerEntry(
        serial, username, holder, generation, notAfter, state, since, hasSession, issuer, number);
  }

  String line() {
    return "%s %s %s %d %d %s %d%s%s"
        .formatted(
            serial.toString(16),
            username,
            holder,
            generation,
            notAfter.getEpochSecond(),
            state.name().toLowerCase(Locale.ROOT),
            since.getEpochSecond(),
            hasSession ? SESSION : "",
            issuer.map(key -> " " + key.hex()).orElse(""));
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none
   */
  static LedgerEntry parse(String line) {
    var words = LINE.matcher(line);
    if (!words.matches()) {
      throw new IllegalArgumentException("not a line of a certificate");
    }
    return new LedgerEntry(
        new BigInteger(words.group(1), 16),
        words.group(2),
        words.group(3),
        Integer.parseInt(words.group(4)),
        Instant.ofEpochSecond(Long.parseLong(words.group(5))),
        Arrays.stream(State.values())
            .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(words.group(6)))
            .findFirst()
            .orElseThrow(),
        Instant.ofEpochSecond(Long.parseLong(words.group(7))),
        words.group(8) != null,
        Optional.ofNullable(words.group(9)).map(KeyIdentifier::new));
  }
}
