package io.mqttoperator.operator.pki;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What the Secrets of a ledger hold, by shard. An entry stays in its shard until it ends, so no
 * write depends on another: wherever they are cut off, each entry is where it was, or entered.
 */
public record LedgerFiles(SortedMap<Integer, LedgerFile> byShard) {

  public static final LedgerFiles NONE = new LedgerFiles(new TreeMap<>());

  public LedgerFiles {
    byShard = Collections.unmodifiableSortedMap(new TreeMap<>(byShard));
  }

  /** One that is to be stored. */
  public record Write(int shard, LedgerFile file) {}

  /** As one ledger. What stands in two of them, as no operator writes it, counts least. */
  public CertificateLedger join() {
    var entries = new TreeMap<BigInteger, LedgerEntry>();
    for (var file : byShard.values()) {
      for (var entry : file.entries()) {
        entries.merge(entry.serial(), entry, LedgerFiles::stricter);
      }
    }
    return new CertificateLedger(entries);
  }

  private static LedgerEntry stricter(LedgerEntry one, LedgerEntry other) {
    return one.state().compareTo(other.state()) >= 0 ? one : other;
  }

  /** How many there are, with those that are missing. */
  public int number() {
    return Math.max(counted(), byShard.isEmpty() ? 0 : byShard.lastKey() + 1);
  }

  /** How many the first one says that there are; 0 where there is none. */
  private int counted() {
    var first = byShard.get(0);
    return first == null ? 0 : first.shards();
  }

  /** The shards that are known to have been there, and are not. */
  public List<Integer> missing() {
    // One that is not counted was written before the first one could say so, or never.
    var known = byShard.isEmpty() ? 0 : Math.max(1, counted());
    return IntStream.range(0, known).filter(shard -> !byShard.containsKey(shard)).boxed().toList();
  }

  /** With another content of one. */
  public LedgerFiles with(Write write) {
    var next = new TreeMap<>(byShard);
    next.put(write.shard(), write.file());
    return new LedgerFiles(next);
  }

  /**
   * What is to be stored, in this order: the first shard says that there are others when they are
   * there, and others are there only beside the first.
   *
   * @param before what these hold; where there are none, it is not stored at all
   * @param again shards that are to be stored whatever they hold
   */
  public List<Write> writes(CertificateLedger next, CertificateLedger before, Set<Integer> again) {
    var number = Math.max(number(), next.entries().isEmpty() ? 0 : next.shards());
    var shards = new TreeSet<>(next.changedShards(before));
    shards.addAll(again);
    IntStream.range(0, number).filter(shard -> !byShard.containsKey(shard)).forEach(shards::add);
    if (number > Math.max(1, counted())) {
      shards.add(0);
    }
    var writes = new ArrayList<Write>();
    if (number > 1 && byShard.isEmpty()) {
      writes.add(new Write(0, new LedgerFile(1, next.shard(0))));
    }
    for (var shard : shards.tailSet(1)) {
      writes.add(new Write(shard, new LedgerFile(1, next.shard(shard))));
    }
    if (shards.contains(0)) {
      writes.add(new Write(0, new LedgerFile(Math.max(1, number), next.shard(0))));
    }
    return writes;
  }

  @Override
  public String toString() {
    return "LedgerFiles" + byShard.values();
  }
}
