package io.mqttoperator.operator.pki;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.util.HashMap;
import java.util.Map;

/**
 * How much of a ledger is taken, and how much is kept for those who are in it: each holder has room
 * for the renewal of its certificate, which stays in the ledger beside the old one until that ends.
 * So who is new may find no room, and who has a certificate always does.
 */
public final class LedgerRoom {

  /** One that counts, and the one that is to follow it. */
  private static final int FOR_EACH_HOLDER = 2;

  private final long most;
  private final Map<String, Integer> counted = new HashMap<>();
  private long taken;
  private long kept;
  private boolean hasRefused;

  public LedgerRoom(CertificateLedger ledger) {
    this(ledger, CertificateLedger.MAX_BYTES);
  }

  LedgerRoom(CertificateLedger ledger, long most) {
    this.most = most;
    taken = ledger.mostBytes();
    for (var entry : ledger.entries().values()) {
      if (entry.state() != State.REVOKED) {
        var number = counted.merge(entry.holder(), 1, Integer::sum);
        var bytes = LedgerEntry.mostBytes(entry.username());
        kept += number == 1 ? bytes : number == FOR_EACH_HOLDER ? -bytes : 0;
      }
    }
  }

  /** Takes room for one more certificate of a holder; false if there is none. */
  public synchronized boolean take(String holder, String username) {
    var bytes = LedgerEntry.mostBytes(username);
    var number = counted.getOrDefault(holder, 0);
    // What is kept for others is theirs; what is kept for this one is taken now.
    var keptAfter = kept + (number == 0 ? bytes : number == 1 ? -bytes : 0);
    var isOwn = number == 1 && taken + bytes <= most;
    if (!isOwn && taken + bytes + keptAfter > most) {
      hasRefused = true;
      return false;
    }
    taken += bytes;
    kept = keptAfter;
    counted.put(holder, number + 1);
    return true;
  }

  /** Whether there was no room for somebody. */
  public synchronized boolean hasRefused() {
    return hasRefused;
  }
}
