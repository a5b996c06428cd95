package io.mqttoperator.operator.pki;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How much of a ledger is taken, and how much is kept for those who are in it: each holder has room
 * for the renewal of its certificate, which stays in the ledger beside the old one until that ends.
 * So who is new may find no room, and who has a certificate always does. The room is in the shard
 * in which the holder stands already: so what changes for one holder changes one shard.
 */
public final class LedgerRoom {

  private final List<ShardRoom> shards;
  private final Map<String, Integer> places = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  public LedgerRoom(CertificateLedger ledger) {
    this(ledger, LedgerFile.MAX_BYTES, LedgerFile.MOST_SHARDS);
  }

  LedgerRoom(CertificateLedger ledger, long most, int count) {
    shards = IntStream.range(0, count).mapToObj(number -> new ShardRoom(most)).toList();
    ledger.entries().values().forEach(entry -> shards.get(entry.shard()).add(entry));
  }

  /** Takes room for one more certificate of a holder; false if there is none. */
  public synchronized boolean take(String holder, String username) {
    var place =
        IntStream.range(0, shards.size())
            .boxed()
            .sorted(Comparator.comparing(number -> !shards.get(number).holds(holder)))
            .mapToInt(Integer::intValue)
            .filter(number -> shards.get(number).take(holder, username))
            .findFirst();
    place.ifPresentOrElse(number -> places.put(holder, number), () -> refused.add(holder));
    return place.isPresent();
  }

  /** The shard in which room was last taken for a holder. */
  public synchronized OptionalInt placeOf(String holder) {
    var place = places.get(holder);
    return place == null ? OptionalInt.empty() : OptionalInt.of(place);
  }

  /** Takes room for what must be entered, whether there is room or not. */
  public synchronized int force(String username) {
    var place =
        IntStream.range(0, shards.size())
            .filter(number -> shards.get(number).free() >= LedgerEntry.mostBytes(username))
            .findFirst()
            .orElseGet(this::emptiest);
    shards.get(place).force(username);
    return place;
  }

  private int emptiest() {
    return IntStream.range(0, shards.size())
        .boxed()
        .max(Comparator.comparingLong(number -> shards.get(number).free()))
        .orElseThrow();
  }

  /** Whether there was no room for one that this holder was to have. */
  public synchronized boolean hasRefused(String holder) {
    return refused.contains(holder);
  }
}
