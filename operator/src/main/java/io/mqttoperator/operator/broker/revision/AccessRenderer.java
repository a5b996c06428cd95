package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.certificates.Bridge;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.memo.Memo;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.ConfigurationFiles;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import io.mqttoperator.operator.mosquitto.Revision;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mosquitto.ShardRenderer;
import io.mqttoperator.operator.mosquitto.Sharding;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Renders the files of one broker's revisions, and reads them back. It hashes the passwords, and
 * renders the shards, in which something has changed since it did so last. For one thread at a
 * time.
 */
public final class AccessRenderer {

  /** A user's own password is of unknown strength; a generated one has 256 random bits. */
  private static final int ITERATIONS_OF_GENERATED = 1;

  private final PasswordHashes hashes = new PasswordHashes();
  private final Memo<UserAccess> known = Memo.ofResults();
  private final ShardRenderer renderer = new ShardRenderer();
  private byte[] salts = {};
  private @Nullable Revision revision;

  /** Renders all files, where no name waits. */
  public RevisionSecrets render(
      ConfigurationFiles configuration,
      Starts starts,
      BrokerSecrets secrets,
      AccessPlan plan,
      int ownIterations,
      int shardsBefore)
      throws DoNotFit {
    return render(configuration, starts, secrets, plan, ownIterations, shardsBefore, Set.of());
  }

  /**
   * Renders all files.
   *
   * @param configuration of the listeners: as wanted now, or as it was accepted before
   * @param starts who has to go on with another for a while
   * @param shardsBefore how many shards there were
   * @param waiting names whose sessions cannot be listed yet as such that are to end: a key that
   *     nobody has keeps them in mind
   * @throws DoNotFit if there are too many users or rules
   * @throws IllegalStateException if the files do not say what they were to say
   */
  public RevisionSecrets render(
      ConfigurationFiles configuration,
      Starts starts,
      BrokerSecrets secrets,
      AccessPlan plan,
      int ownIterations,
      int shardsBefore,
      Set<Username> waiting)
      throws DoNotFit {
    var users = users(plan, secrets.internal().salt().toBytes(), ownIterations, waiting);
    var shards =
        switch (renderer.render(users, shardsBefore)) {
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
    files.putAll(RevisionSecrets.certificates(secrets));
    files.put(RevisionFiles.ACL_HEAD, head.renderAcl());
    files.put(RevisionFiles.PASSWORD_HEAD, head.renderPassword());
    files.putAll(shards.files());
    RenderedHead.read(files, configuration).require(new RenderedHead(configuration, head));
    revision = Revision.of(files, revision);
    return new RevisionSecrets(
        revision, configuration.start(), starts, byIndex(shards), users.size(), shards.bytes());
  }

  private List<UserAccess> users(
      AccessPlan plan, byte[] salt, int ownIterations, Set<Username> waiting) {
    if (!Arrays.equals(salts, salt)) {
      // The same object as long as it is equal: no hash of another salt stands.
      salts = salt;
    }
    var saltKey = new SaltKey(salts);
    var round = known.round();
    var users = new ArrayList<UserAccess>(plan.users().size());
    var names = new HashSet<String>();
    for (UserDecision user : plan.users()) {
      // Claims lets nobody have another's name; if it did, all others' changes must still go on.
      if (user.mayLogIn() && names.add(user.seen().username())) {
        var entries = plan.entries().getOrDefault(user.seen().uid(), List.of());
        users.add(
            round.of(
                user.seen().uid(),
                () -> access(user, entries, saltKey, ownIterations),
                user,
                entries,
                salts,
                ownIterations));
      }
    }
    round.end();
    for (var name : waiting) {
      if (names.add(name.value())) {
        var key = Optional.of(PreSharedKey.ofNobody(saltKey, name));
        users.add(new UserAccess(name, Optional.empty(), key, List.of()));
      }
    }
    hashes.keepOnly(users.stream().map(UserAccess::name).collect(Collectors.toSet()));
    return users;
  }

  private UserAccess access(
      UserDecision user, List<AclEntry> entries, SaltKey saltKey, int ownIterations) {
    var name = new Username(user.seen().username());
    var iterations =
        user.password() instanceof Password.Generated
            ? ITERATIONS_OF_GENERATED
            : user.seen().passwordIterations(ownIterations);
    var hash =
        user.password()
            .givenHash()
            .or(
                () ->
                    user.password()
                        .secret()
                        .map(bytes -> hashes.of(name, bytes, saltKey, iterations)));
    return new UserAccess(name, hash, user.key().key(), entries);
  }

  private static SortedMap<Integer, Map<String, byte[]>> byIndex(AccessShards shards) {
    var byIndex = new TreeMap<Integer, Map<String, byte[]>>();
    for (int index = 0; index < shards.count(); index++) {
      byIndex.put(index, shards.shard(index));
    }
    return byIndex;
  }
}
