package io.mqttoperator.operator.broker.revision;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.mosquitto.Revision;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The revision's files, cut into the Secrets that hold them.
 *
 * @param start what of the newest configuration only a start takes; empty where an older operator
 *     wrote it
 * @param starts who still has an earlier configuration
 * @param shards by index, each with its password and ACL file, and that of keys if it has any
 * @param users how many may log in
 * @param accessBytes the bytes of all password and ACL files together
 */
public record RevisionSecrets(
    Revision revision,
    Optional<StartDigest> start,
    Starts starts,
    SortedMap<Integer, Map<String, byte[]>> shards,
    int users,
    long accessBytes) {

  /** What the Secret that names the revision holds besides the manifest, always. */
  static final List<String> HEAD =
      List.of(
          RevisionFiles.CONFIGURATION,
          RevisionFiles.ACL_HEAD,
          RevisionFiles.PASSWORD_HEAD,
          RevisionFiles.REQUIREMENTS);

  /**
   * The stored revision with other certificates.
   *
   * @return empty if none is stored whole
   */
  public static Optional<RevisionSecrets> renewed(BrokerObservation seen, BrokerSecrets secrets) {
    var files = new TreeMap<String, byte[]>();
    for (var name : HEAD) {
      seen.files().bytes(name).ifPresent(content -> files.put(name, content));
    }
    var shards = new TreeMap<Integer, Map<String, byte[]>>();
    for (int index = 0; index < seen.shardCount(); index++) {
      var stored = new StoredSecret(seen.shards().get(index));
      var shard = new TreeMap<String, byte[]>();
      for (var name : List.of(RevisionFiles.passwordShard(index), RevisionFiles.aclShard(index))) {
        stored.bytes(name).ifPresent(content -> shard.put(name, content));
      }
      shards.put(index, shard);
    }
    shards.values().forEach(files::putAll);
    if (shards.isEmpty() || files.size() != HEAD.size() + 2 * shards.size()) {
      return Optional.empty();
    }
    for (var shard : shards.entrySet()) {
      var name = RevisionFiles.keyShard(shard.getKey());
      new StoredSecret(seen.shards().get(shard.getKey()))
          .bytes(name)
          .ifPresent(content -> shard.getValue().put(name, content));
      files.putAll(shard.getValue());
    }
    var accessBytes =
        shards.values().stream()
            .flatMap(shard -> shard.values().stream())
            .mapToLong(content -> content.length)
            .sum();
    files.putAll(certificates(secrets));
    var starts = Starts.stored(seen.files());
    files.putAll(starts.files());
    return Optional.of(
        new RevisionSecrets(
            Revision.of(files),
            Starts.newest(seen.files()).flatMap(StoredConfiguration::start),
            starts,
            shards,
            0,
            accessBytes));
  }

  /** The same files, when the turn of a pod has come. */
  public RevisionSecrets afterTurnOf(int ordinal) {
    return new RevisionSecrets(
        revision, start, starts.without(ordinal), shards, users, accessBytes);
  }

  /** What the Secret that names the revision holds. */
  public SortedMap<String, byte[]> named() {
    var named = new TreeMap<>(starts.files());
    HEAD.forEach(name -> named.put(name, Objects.requireNonNull(revision.files().get(name))));
    named.put(RevisionFiles.MANIFEST, revision.manifest());
    named.put(RevisionFiles.REVISION, starts.turns().render(revision));
    return named;
  }

  /** Another one for each thing that pods are to take. */
  public String word() {
    return revision.hex() + starts.turns().waiting();
  }

  /** What a pod is told of: another word for each thing that it is to take. */
  public String wordFor(Pod pod) {
    var waiting = starts.turns().waiting();
    if (waiting.isEmpty()) {
      return revision.hex();
    }
    var start = Optional.ofNullable(waiting.get(PodStates.ordinal(pod))).or(() -> this.start);
    return revision.hex() + start.map(digest -> "/" + digest.hex()).orElse("");
  }

  static Map<String, byte[]> certificates(BrokerSecrets secrets) {
    var files = new TreeMap<>(internal(secrets));
    files.put(RevisionFiles.SERVER_CERTIFICATE, secrets.server().pair().certificatePem());
    files.put(RevisionFiles.SERVER_KEY, secrets.server().pair().keyPem());
    return files;
  }

  /**
   * What the Secret of the internal listener, of listeners' own certificates, and of clients'
   * holds.
   */
  public static Map<String, byte[]> internal(BrokerSecrets secrets) {
    var files = new TreeMap<>(secrets.own().files());
    secrets
        .clients()
        .ifPresent(
            clients -> {
              files.put(RevisionFiles.CLIENT_AUTHORITIES, clients.authoritiesPem());
              files.put(RevisionFiles.CLIENT_REVOCATIONS, clients.revocationsPem());
            });
    files.put(RevisionFiles.INTERNAL_AUTHORITY, secrets.internal().authority().certificatePem());
    files.put(RevisionFiles.INTERNAL_REVOCATIONS, secrets.internal().revocations().pem());
    files.put(RevisionFiles.INTERNAL_CERTIFICATE, secrets.internal().pod().pair().certificatePem());
    files.put(RevisionFiles.INTERNAL_KEY, secrets.internal().pod().pair().keyPem());
    return files;
  }
}
