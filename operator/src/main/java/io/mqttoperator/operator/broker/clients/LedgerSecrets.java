package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.LedgerFiles;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A broker's ledger as it is stored.
 *
 * @param secrets by shard
 * @param files what they hold
 * @param ledger the same as one; where there are no Secrets, what pods have been told of it
 */
record LedgerSecrets(
    SortedMap<Integer, Secret> secrets, LedgerFiles files, CertificateLedger ledger) {

  LedgerSecrets {
    secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
  }

  /** Without Secrets. */
  static LedgerSecrets none(CertificateLedger ledger) {
    return new LedgerSecrets(new TreeMap<>(), LedgerFiles.NONE, ledger);
  }

  /** Whether these are the very versions of the Secrets that it was read from, or wrote. */
  boolean isOf(SortedMap<Integer, Secret> seen) {
    return !seen.isEmpty()
        && seen.keySet().equals(secrets.keySet())
        && seen.entrySet().stream().allMatch(shard -> isOf(shard.getKey(), shard.getValue()));
  }

  /** Whether this is the version of a Secret whose content is known. */
  boolean isOf(int shard, Secret seen) {
    var known = secrets.get(shard);
    return known != null
        && known.getMetadata().getUid().equals(seen.getMetadata().getUid())
        && known.getMetadata().getResourceVersion().equals(seen.getMetadata().getResourceVersion());
  }

  @Override
  public String toString() {
    return "LedgerSecrets[" + secrets.size() + " Secrets, " + ledger + "]";
  }
}
