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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private int shards = 1;
  private final Random random = new Random(1);
  private final Map<String, Instant> newest = new HashMap<>();
  private CertificateLedger ledger = CertificateLedger.EMPTY;

  private static String name(int device) {
    return "device-%04d".formatted(device);
  }

  private LedgerRoom room() {
    return new LedgerRoom(ledger, MOST / shards, shards);
  }

  /** What a pass does: ended ones go, who is new or due gets one where there is room. */
  private int pass(int devices, Instant now) {
    ledger = ledger.withoutEnded(now.minus(KEPT_AFTER_END), shard -> true);
    var room = room();
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
        var entry =
            entry(name, now.plus(VALIDITY), LedgerEntry.State.ISSUED)
                .inShard(room.placeOf(name).orElseThrow());
        issued.add(entry);
        newest.put(name, entry.notAfter());
      } else {
        refused++;
      }
      assertThat(room.hasRefused(name)).isEqualTo(room.placeOf(name).isEmpty());
    }
    ledger = ledger.with(issued);
    assertThat(ledger.mostBytes().values()).allMatch(bytes -> bytes <= MOST / shards);
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
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFullLedgerLocksNobodyOut(int number) {
    shards = number;
    assertThat(pass(DEVICES + 100, BEGIN)).as("who is new and finds no room").isEqualTo(100);
    assertThat(newest).hasSize(DEVICES);
    for (int hour = 1; hour < 24 * 400; hour += 6) {
      var now = BEGIN.plus(Duration.ofHours(hour));
      // Those without room try at each pass, and must take nobody's.
      var unused = pass(DEVICES + 100, now);
      assertThat(newest.values()).as("hour %d", hour).allMatch(end -> end.isAfter(now));
    }
    assertThat(newest.size()).as("their room is theirs").isEqualTo(DEVICES);
    assertThat(ledger.shards()).isEqualTo(number);
    assertThat(shardsOfHolders())
        .as("each in one")
        .allSatisfy((name, in) -> assertThat(in).hasSize(1));
  }

  private Map<String, Set<Integer>> shardsOfHolders() {
    return ledger.entries().values().stream()
        .collect(
            Collectors.groupingBy(
                LedgerEntry::holder, Collectors.mapping(LedgerEntry::shard, Collectors.toSet())));
  }

  /** The number that docs promise, with the longest names that a certificate can have. */
  @Test
  void twentyThousandHaveRoomForTwoEach() {
    var holders = IntStream.range(0, 20_000).mapToObj("%064d"::formatted).toList();
    var room = new LedgerRoom(ledger);
    assertThat(holders).allMatch(name -> room.take(name, name));
    ledger =
        ledger.with(
            holders.stream()
                .map(
                    name ->
                        entry(name, BEGIN, LedgerEntry.State.ISSUED)
                            .inShard(room.placeOf(name).orElseThrow()))
                .toList());
    var next = new LedgerRoom(ledger);
    assertThat(holders).allMatch(name -> next.take(name, name));
    assertThat(holders).allMatch(name -> next.placeOf(name).equals(room.placeOf(name)));
    assertThat(ledger.mostBytes().values()).allMatch(bytes -> 2 * bytes <= LedgerFile.MAX_BYTES);
  }

  /** A third one finds room in another shard, where its own is full. */
  @Test
  void aThirdOneMayGoElsewhere() {
    shards = 2;
    assertThat(pass(DEVICES / 2 + 1, BEGIN)).isZero();
    var room = room();
    assertThat(room.take(name(0), name(0))).isTrue();
    assertThat(room.placeOf(name(0))).hasValue(0);
    assertThat(room.take(name(0), name(0))).isTrue();
    assertThat(room.placeOf(name(0))).hasValue(1);
  }

  /** What must be entered is, and takes nobody's room as long as there is other. */
  @Test
  void whatMustBeEnteredIs() {
    shards = 2;
    assertThat(pass(DEVICES / 2, BEGIN)).isZero();
    var room = room();
    assertThat(room.force(name(0))).isEqualTo(1);
    assertThat(pass(DEVICES, BEGIN)).isZero();
    var full = room();
    assertThat(IntStream.range(0, 3).map(time -> full.force(name(0))))
        .as("each where the least is too much")
        .containsExactly(0, 1, 0);
  }

  /** As many as there is room for at all: without room kept for renewals, each got one. */
  @Test
  void roomForRenewalsIsKeptFromTheStart() {
    var all = room();
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
    var room = room();
    assertThat(holders).isNotEmpty().allMatch(name -> room.take(name, name));
  }

  /** A third one, as a change of the CA asks for, is for nobody's account but free room's. */
  @Test
  void aThirdOneTakesNoOthersRoom() {
    var unused = pass(DEVICES, BEGIN);
    var room = room();
    assertThat(room.take(name(0), name(0))).isTrue();
    assertThat(room.take(name(0), name(0))).as("what is left is kept for the others").isFalse();
    for (int i = 1; i < DEVICES; i++) {
      assertThat(room.take(name(i), name(i))).isTrue();
    }
  }
}
