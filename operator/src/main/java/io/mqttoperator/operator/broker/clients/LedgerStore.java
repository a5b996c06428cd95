package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.TryAgain;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.LedgerFile;
import io.mqttoperator.operator.pki.LedgerFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the Secrets of a broker's ledger as one, and writes those in which something has changed.
 * Nothing is handed out before all are written.
 */
final class LedgerStore {

  private final Applier applier;

  LedgerStore(Applier applier) {
    this.applier = applier;
  }

  /**
   * What is stored. Where all Secrets were deleted, what pods have been told is left of it.
   *
   * @throws UnusableAuthority if one cannot be read, or is missing: without it, what was revoked
   *     would count again
   * @throws TryAgain if one had lost its labels, and has them again
   * @throws NameTaken if something else is in its place, or it lost what says whose it is
   */
  LedgerSecrets read(BrokerProfile profile, BrokerObservation seen, CertificateMemory memory)
      throws UnusableAuthority {
    var names = profile.names();
    var secrets = new TreeMap<Integer, Secret>();
    for (int shard = 0; shard < LedgerFile.MOST_SHARDS; shard++) {
      var secret = seen.secret(names.revocations(shard)).secret();
      if (secret != null) {
        secrets.put(shard, secret);
      }
    }
    var known =
        Objects.requireNonNullElse(memory.ledger, LedgerSecrets.none(CertificateLedger.EMPTY));
    if (!known.isOf(secrets)) {
      known = secrets.isEmpty() ? recovered(names, seen) : read(profile, secrets, known);
      memory.ledger = known;
    }
    return known;
  }

  private LedgerSecrets read(
      BrokerProfile profile, SortedMap<Integer, Secret> secrets, LedgerSecrets known)
      throws UnusableAuthority {
    var names = profile.names();
    var byShard = new TreeMap<Integer, LedgerFile>();
    for (var secret : secrets.entrySet()) {
      var shard = secret.getKey();
      byShard.put(
          shard,
          known.isOf(shard, secret.getValue())
              ? Objects.requireNonNull(known.files().byShard().get(shard))
              : read(names, shard, new StoredSecret(secret.getValue())));
    }
    var files = new LedgerFiles(byShard);
    if (!files.missing().isEmpty()) {
      var shard = files.missing().getFirst();
      var lost = new SecretBlueprint(profile).revocations(shard, new byte[0]);
      applier.requireAbsent(lost, profile.broker());
      throw missing(names, shard, files.number());
    }
    return new LedgerSecrets(secrets, files, files.join());
  }

  private static LedgerFile read(BrokerNames names, int shard, StoredSecret secret)
      throws UnusableAuthority {
    var file = secret.bytes(SecretEntries.LEDGER);
    if (file.isEmpty()) {
      throw unusable(names, shard, "it has no " + SecretEntries.LEDGER);
    }
    try {
      return LedgerFile.parse(shard, file.get());
    } catch (InvalidCertificateException unreadable) {
      throw unusable(names, shard, Objects.toString(unreadable.getMessage(), ""));
    }
  }

  private static UnusableAuthority unusable(BrokerNames names, int shard, String problem) {
    return new UnusableAuthority(
        ("Secret %s: %s. If a newer operator has written it, upgrade again. Else restore it; or"
                + " delete it, all others of the list (%s-1, ...), and the authority's Secret too,"
                + " so that nothing that was revoked is ever trusted again.")
            .formatted(names.revocations(shard), problem, names.revocations(0)));
  }

  private static UnusableAuthority missing(BrokerNames names, int shard, int count) {
    return new UnusableAuthority(
        ("Secret %s is missing: it is one of %d (%s to %s) that say which client certificates were"
                + " issued and revoked. Restore it from a backup, with its labels; or delete the"
                + " others too, and the authority's Secret, so that nothing that was revoked is"
                + " ever trusted again.")
            .formatted(
                names.revocations(shard),
                count,
                names.revocations(0),
                names.revocations(count - 1)));
  }

  private static LedgerSecrets recovered(BrokerNames names, BrokerObservation seen)
      throws UnusableAuthority {
    var told = seen.internal().bytes(RevisionFiles.CLIENT_REVOCATIONS);
    var ledger = CertificateLedger.EMPTY;
    if (told.isPresent()) {
      // Of one that several lists name, the longest counts: it is in doubt whose it is.
      for (var list : lists(names, told.get())) {
        ledger = ledger.with(CertificateLedger.recovered(list).entries().values());
      }
    }
    return LedgerSecrets.none(ledger);
  }

  private static Iterable<CertificateRevocationList> lists(BrokerNames names, byte[] told)
      throws UnusableAuthority {
    try {
      var lists = new ArrayList<>(CertificateRevocationList.parseAll(told));
      lists.sort(Comparator.comparing(CertificateRevocationList::nextUpdate));
      return lists;
    } catch (InvalidCertificateException unreadable) {
      throw unusable(names, 0, Objects.toString(unreadable.getMessage(), ""));
    }
  }

  /**
   * Stores what has changed.
   *
   * @param stored what was read, or written before
   * @return as it is stored now
   */
  LedgerSecrets write(
      BrokerProfile profile,
      CertificateLedger next,
      LedgerSecrets stored,
      CertificateMemory memory) {
    var blueprint = new SecretBlueprint(profile);
    var secrets = new TreeMap<>(stored.secrets());
    var files = stored.files();
    var writes = files.writes(next, stored.ledger(), otherwiseKept(blueprint, secrets));
    if (writes.isEmpty()) {
      return stored;
    }
    for (var write : writes) {
      var shard = write.shard();
      var desired = blueprint.revocations(shard, write.file().render());
      secrets.put(shard, applier.apply(desired, secrets.get(shard), profile.broker()));
      files = files.with(write);
    }
    var now = new LedgerSecrets(secrets, files, next);
    memory.ledger = now;
    return now;
  }

  /** Those that are to outlive the broker now, and were not, or the other way round. */
  private static Set<Integer> otherwiseKept(
      SecretBlueprint blueprint, SortedMap<Integer, Secret> secrets) {
    return secrets.entrySet().stream()
        .filter(
            secret ->
                !Drift.isWrittenAs(
                    blueprint.revocations(secret.getKey(), new byte[0]), secret.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
