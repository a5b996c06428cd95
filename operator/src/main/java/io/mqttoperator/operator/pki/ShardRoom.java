package io.mqttoperator.operator.pki;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.util.HashMap;
import java.util.Map;

/** How much of one shard of a ledger is taken, and how much is kept for those who are in it. */
final class ShardRoom {

  /** One that counts, and the one that is to follow it. */
  private static final int FOR_EACH_HOLDER = 2;

  private final long most;
  private final Map<String, Integer> counted = new HashMap<>();
  private long taken;
  private long kept;

  ShardRoom(long most) {
    this.most = most;
  }

  /** What stands there. */
  void add(LedgerEntry entry) {
    var bytes = LedgerEntry.mostBytes(entry.username());
    taken += bytes;
    if (entry.state() != State.REVOKED) {
      var number = counted.merge(entry.holder(), 1, Integer::sum);
      kept += number == 1 ? bytes : number == FOR_EACH_HOLDER ? -bytes : 0;
    }
  }

  /** Whether one of this holder stands there that is not revoked. */
  boolean holds(String holder) {
    return counted.containsKey(holder);
  }

  /** Takes room for one more certificate of a holder; false if there is none. */
  boolean take(String holder, String username) {
    var bytes = LedgerEntry.mostBytes(username);
    var number = counted.getOrDefault(holder, 0);
    // What is kept for others is theirs; what is kept for this one is taken now.
    var keptAfter = kept + (number == 0 ? bytes : number == 1 ? -bytes : 0);
    var isOwn = number == 1 && taken + bytes <= most;
    if (!isOwn && taken + bytes + keptAfter > most) {
      return false;
    }
    taken += bytes;
    kept = keptAfter;
    counted.put(holder, number + 1);
    return true;
  }

  void force(String username) {
    taken += LedgerEntry.mostBytes(username);
  }

  /** What is neither taken nor kept; less than zero where more is. */
  long free() {
    return most - taken - kept;
  }
}
