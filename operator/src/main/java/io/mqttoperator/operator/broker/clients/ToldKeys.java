package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import io.mqttoperator.operator.mosquitto.PreSharedKeyFile;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The pre-shared keys that one broker's pods have been told of: those that are stored, and those
 * that this operator wrote last, since a cache may be late. What was read once is not read again.
 * For one thread at a time.
 */
public final class ToldKeys {

  private IdentityHashMap<Object, Map<Username, PreSharedKey>> read = new IdentityHashMap<>();
  private Map<Username, PreSharedKey> written = Map.of();
  private Set<Username> waiting = Set.of();
  private Set<Username> delayed = Set.of();

  /** The users who had a key that is another now, or none. */
  Set<Username> taken(List<Secret> shards, Map<Username, PreSharedKey> wanted) {
    var known = new IdentityHashMap<Object, Map<Username, PreSharedKey>>();
    var taken = new TreeSet<Username>();
    for (int index = 0; index < BrokerObservation.shardCount(shards); index++) {
      var secret = shards.get(index);
      var name = RevisionFiles.keyShard(index);
      var keys = read(secret, () -> new StoredSecret(secret).bytes(name));
      known.put(secret, keys);
      addTaken(keys, wanted, taken);
    }
    addTaken(written, wanted, taken);
    read = known;
    return taken;
  }

  /** The keys of a revision that is about to be written. */
  Map<Username, PreSharedKey> of(RevisionSecrets files) {
    var keys = new HashMap<Username, PreSharedKey>();
    files
        .shards()
        .forEach(
            (index, shard) ->
                Optional.ofNullable(shard.get(RevisionFiles.keyShard(index)))
                    .ifPresent(content -> keys.putAll(parse(content))));
    return keys;
  }

  /** From now on pods may have them. */
  void write(Map<Username, PreSharedKey> keys) {
    written = Map.copyOf(keys);
  }

  /** Those who wait in this pass for room on the list of sessions that are to end. */
  void await(Set<Username> names) {
    waiting = Set.copyOf(names);
    // Who is listed is stored, and waits no longer.
    var left = new TreeSet<>(delayed);
    left.retainAll(waiting);
    delayed = left;
  }

  public Set<Username> waiting() {
    return waiting;
  }

  /** These are to wait in the next pass, whatever is decided at first. */
  void delay(Set<Username> names) {
    var all = new TreeSet<>(delayed);
    all.addAll(names);
    delayed = all;
  }

  Set<Username> delayed() {
    return delayed;
  }

  private static void addTaken(
      Map<Username, PreSharedKey> told, Map<Username, PreSharedKey> wanted, Set<Username> taken) {
    told.forEach(
        (username, key) -> {
          if (!Optional.ofNullable(wanted.get(username)).equals(Optional.of(key))) {
            taken.add(username);
          }
        });
  }

  private Map<Username, PreSharedKey> read(Object source, Supplier<Optional<byte[]>> content) {
    var known = read.get(source);
    return known != null ? known : content.get().map(ToldKeys::parse).orElse(Map.of());
  }

  /** A file that somebody else has changed is taken by no pod, and is written anew. */
  private static Map<Username, PreSharedKey> parse(byte[] content) {
    try {
      return PreSharedKeyFile.parse(content).users();
    } catch (IllegalArgumentException damaged) {
      return Map.of();
    }
  }

  @Override
  public String toString() {
    return "ToldKeys[" + written.size() + "]";
  }
}
