package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.ConfigurationFiles;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Revision;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mosquitto.Sharding;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The revision's files, cut into the Secrets that hold them.
 *
 * @param start what of the newest configuration only a start takes; empty where an older operator
 *     wrote it
 * @param starts who still has an earlier configuration
 * @param shards by index, each with its password and ACL file
 * @param users how many may log in
 * @param accessBytes the bytes of all password and ACL files together
 */
record AccessFiles(
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

  static final int MOST_SHARDS = AccessShards.MAX_SHARDS;

  /** A user's own password is of unknown strength; a generated one has 256 random bits. */
  private static final int ITERATIONS_OF_GENERATED = 1;

  /** They do not fit the Secrets that a pod can mount. */
  static final class DoNotFit extends Exception {

    private static final long serialVersionUID = 1L;

    DoNotFit(String message) {
      super(message);
    }
  }

  /**
   * Renders all of them and reads them back.
   *
   * @param configuration of the listeners: as wanted now, or as it was accepted before
   * @param starts who has to go on with another for a while
   * @param shardsBefore how many shards there were
   * @param storedRevision was read back when it was stored
   * @throws DoNotFit if there are too many users or rules
   * @throws IllegalStateException if the files do not say what they were to say
   */
  static AccessFiles of(
      ConfigurationFiles configuration,
      Starts starts,
      BrokerSecrets secrets,
      AccessPlan plan,
      PasswordHashes hashes,
      int ownIterations,
      int shardsBefore,
      String storedRevision)
      throws DoNotFit {
    var users = users(plan, hashes, secrets.internal().saltKey(), ownIterations);
    var shards =
        switch (AccessShards.of(users, shardsBefore)) {
          case Sharding.TooLarge tooLarge -> throw new DoNotFit(tooLarge.message());
          case Sharding.Fitting fitting -> fitting.shards();
        };
    var head =
        new AccessHead(
            secrets.internal().account(),
            plan.anonymous(),
            PasswordHash.ofNobody(secrets.internal().saltKey()),
            secrets.internal().bridges().stream().map(Bridge::account).toList());
    var files = new TreeMap<>(configuration.files(shards.bytes()));
    files.putAll(starts.files());
    files.putAll(certificates(secrets));
    files.put(RevisionFiles.ACL_HEAD, head.renderAcl());
    files.put(RevisionFiles.PASSWORD_HEAD, head.renderPassword());
    files.putAll(shards.files());
    var revision = Revision.of(files);
    if (!revision.hex().equals(storedRevision)) {
      RenderedAccess.read(files, configuration)
          .require(new RenderedAccess(configuration, head, users));
    }
    return new AccessFiles(
        revision, configuration.start(), starts, byIndex(shards), users.size(), shards.bytes());
  }

  /**
   * The stored revision with other certificates.
   *
   * @return empty if none is stored whole
   */
  static Optional<AccessFiles> renewed(BrokerObservation seen, BrokerSecrets secrets) {
    var files = new TreeMap<String, byte[]>();
    for (var name : HEAD) {
      seen.files().bytes(name).ifPresent(content -> files.put(name, content));
    }
    var shards = new TreeMap<Integer, Map<String, byte[]>>();
    for (int index = 0; index < count(seen.shards()); index++) {
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
    var accessBytes =
        shards.values().stream()
            .flatMap(shard -> shard.values().stream())
            .mapToLong(content -> content.length)
            .sum();
    files.putAll(certificates(secrets));
    var starts = Starts.stored(seen.files());
    files.putAll(starts.files());
    return Optional.of(
        new AccessFiles(
            Revision.of(files),
            Starts.newest(seen.files()).flatMap(StoredConfiguration::start),
            starts,
            shards,
            0,
            accessBytes));
  }

  /** The same files, when the turn of a pod has come. */
  AccessFiles afterTurnOf(int ordinal) {
    return new AccessFiles(revision, start, starts.without(ordinal), shards, users, accessBytes);
  }

  /** What the Secret that names the revision holds. */
  SortedMap<String, byte[]> named() {
    var named = new TreeMap<>(starts.files());
    HEAD.forEach(name -> named.put(name, Objects.requireNonNull(revision.files().get(name))));
    named.put(RevisionFiles.MANIFEST, revision.manifest());
    named.put(RevisionFiles.REVISION, starts.turns().render(revision));
    return named;
  }

  /** Another one for each thing that pods are to take. */
  String word() {
    return revision.hex() + starts.turns().waiting();
  }

  /** What a pod is told of: another word for each thing that it is to take. */
  String wordFor(Pod pod) {
    var waiting = starts.turns().waiting();
    if (waiting.isEmpty()) {
      return revision.hex();
    }
    var start = Optional.ofNullable(waiting.get(PodStates.ordinal(pod))).or(() -> this.start);
    return revision.hex() + start.map(digest -> "/" + digest.hex()).orElse("");
  }

  private static Map<String, byte[]> certificates(BrokerSecrets secrets) {
    var files = new TreeMap<>(internal(secrets));
    files.put(RevisionFiles.SERVER_CERTIFICATE, secrets.server().pair().certificatePem());
    files.put(RevisionFiles.SERVER_KEY, secrets.server().pair().keyPem());
    return files;
  }

  /** What the Secret of the internal listener holds. */
  static Map<String, byte[]> internal(BrokerSecrets secrets) {
    return Map.of(
        RevisionFiles.INTERNAL_AUTHORITY, secrets.internal().authority().certificatePem(),
        RevisionFiles.INTERNAL_REVOCATIONS, secrets.internal().revocations().pem(),
        RevisionFiles.INTERNAL_CERTIFICATE, secrets.internal().pod().pair().certificatePem(),
        RevisionFiles.INTERNAL_KEY, secrets.internal().pod().pair().keyPem());
  }

  private static List<UserAccess> users(
      AccessPlan plan, PasswordHashes hashes, SaltKey salts, int ownIterations) {
    var users = new ArrayList<UserAccess>();
    var names = new HashSet<Username>();
    for (UserDecision user : plan.users()) {
      // Claims lets nobody have another's name; if it did, all others' changes must still go on.
      if (user.mayLogIn() && names.add(new Username(user.seen().username()))) {
        var name = new Username(user.seen().username());
        var iterations =
            user.password() instanceof Password.Generated ? ITERATIONS_OF_GENERATED : ownIterations;
        var hash =
            user.password()
                .givenHash()
                .orElseGet(
                    () ->
                        hashes.of(name, user.password().secret().orElseThrow(), salts, iterations));
        users.add(
            new UserAccess(name, hash, plan.entries().getOrDefault(user.seen().uid(), List.of())));
      }
    }
    hashes.keepOnly(users.stream().map(UserAccess::name).collect(Collectors.toSet()));
    return users;
  }

  private static SortedMap<Integer, Map<String, byte[]>> byIndex(AccessShards shards) {
    var byIndex = new TreeMap<Integer, Map<String, byte[]>>();
    for (int index = 0; index < shards.count(); index++) {
      byIndex.put(
          index,
          Map.of(
              RevisionFiles.passwordShard(index), shards.passwordShard(index),
              RevisionFiles.aclShard(index), shards.aclShard(index)));
    }
    return byIndex;
  }

  /** How many shards the Secrets hold now: they are numbered without gaps, by powers of two. */
  static int count(List<Secret> shards) {
    return Integer.highestOneBit(shards.size());
  }
}
