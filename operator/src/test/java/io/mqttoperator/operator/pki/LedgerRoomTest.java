package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who has a certificate gets the next one in time, however many want one. */
class LedgerRoomTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration VALIDITY = Duration.ofDays(90);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final Duration KEPT_AFTER_END = Duration.ofDays(1);
  private static final long EACH = LedgerEntry.mostBytes("device-0000");

  /** As many as fit into this ledger with a renewal each. */
  private static final int DEVICES = 400;

  private static final long MOST = 2 * DEVICES * EACH;

  private final Random random = new Random(1);
  private final Map<String, Instant> newest = new HashMap<>();
  private CertificateLedger ledger = CertificateLedger.EMPTY;

  private static String name(int device) {
    return "device-%04d".formatted(device);
  }

  /** What a pass does: ended ones go, who is new or due gets one where there is room. */
  private int pass(int devices, Instant now) {
    ledger = ledger.withoutEnded(now.minus(KEPT_AFTER_END));
    var room = new LedgerRoom(ledger, MOST);
    var issued = new ArrayList<LedgerEntry>();
    var refused = 0;
    for (int i = 0; i < devices; i++) {
      var name = name(i);
      var end = newest.get(name);
      var before = RenewalWindow.spread(VALIDITY, RENEW_BEFORE, name);
      if (end != null && now.isBefore(end.minus(before))) {
        continue;
      }
      if (room.take(name, name)) {
        var entry = entry(name, now.plus(VALIDITY), LedgerEntry.State.ISSUED);
        issued.add(entry);
        newest.put(name, entry.notAfter());
      } else {
        refused++;
      }
    }
    ledger = ledger.with(issued);
    assertThat(ledger.mostBytes()).isLessThanOrEqualTo(MOST);
    assertThat(room.hasRefused()).isEqualTo(refused > 0);
    return refused;
  }

  private LedgerEntry entry(String name, Instant end, LedgerEntry.State state) {
    return new LedgerEntry(
        new BigInteger(126, random).setBit(126),
        name,
        name,
        1,
        end,
        state,
        end.minus(VALIDITY),
        false,
        Optional.empty());
  }

  /** All enrolled on one day, and more than there is room for. */
  @Test
  void aFullLedgerLocksNobodyOut() {
    assertThat(pass(DEVICES + 100, BEGIN)).as("who is new and finds no room").isEqualTo(100);
    assertThat(newest).hasSize(DEVICES);
    for (int hour = 1; hour < 24 * 400; hour += 6) {
      var now = BEGIN.plus(Duration.ofHours(hour));
      // Those without room try at each pass, and must take nobody's.
      var unused = pass(DEVICES + 100, now);
      assertThat(newest.values()).as("hour %d", hour).allMatch(end -> end.isAfter(now));
    }
    assertThat(newest.size()).as("their room is theirs").isEqualTo(DEVICES);
  }

  /** As many as there is room for at all: without room kept for renewals, each got one. */
  @Test
  void roomForRenewalsIsKeptFromTheStart() {
    var all = new LedgerRoom(CertificateLedger.EMPTY, MOST);
    var taken = 0;
    for (int i = 0; i < 2 * DEVICES; i++) {
      taken += all.take(name(i), name(i)) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(DEVICES);
  }

  /** A replaced certificate stays until its end: it takes from the room of those who are new. */
  @Test
  void whatIsRevokedTakesNoRoomOfAHolder() {
    var revoked = new ArrayList<LedgerEntry>();
    for (int i = 0; i < DEVICES; i++) {
      revoked.add(entry("gone-%06d".formatted(i), BEGIN.plus(VALIDITY), LedgerEntry.State.REVOKED));
    }
    ledger = ledger.with(revoked);
    assertThat(pass(DEVICES, BEGIN)).isGreaterThanOrEqualTo(DEVICES / 2);
    var holders = List.copyOf(newest.keySet());
    var room = new LedgerRoom(ledger, MOST);
    assertThat(holders).isNotEmpty().allMatch(name -> room.take(name, name));
  }

  /** A third one, as a change of the CA asks for, is for nobody's account but free room's. */
  @Test
  void aThirdOneTakesNoOthersRoom() {
    var unused = pass(DEVICES, BEGIN);
    var room = new LedgerRoom(ledger, MOST);
    assertThat(room.take(name(0), name(0))).isTrue();
    assertThat(room.take(name(0), name(0))).as("what is left is kept for the others").isFalse();
    for (int i = 1; i < DEVICES; i++) {
      assertThat(room.take(name(i), name(i))).isTrue();
    }
  }
}
