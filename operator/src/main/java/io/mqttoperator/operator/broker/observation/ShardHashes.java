package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.mosquitto.PasswordFile;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Those in the pods' shards, read once where somebody needs one. */
final class ShardHashes implements StoredHashes {

  private final List<Secret> shards;
  private @Nullable Map<Username, PasswordHash> read;

  ShardHashes(List<Secret> shards) {
    this.shards = shards;
  }

  @Override
  public synchronized Optional<PasswordHash> of(String username) {
    if (read == null) {
      read = read(shards);
    }
    return Optional.ofNullable(read.get(new Username(username)));
  }

  /** None where a shard cannot be read. */
  private static Map<Username, PasswordHash> read(List<Secret> shards) {
    var hashes = new HashMap<Username, PasswordHash>();
    for (int index = 0; index < BrokerObservation.shardCount(shards); index++) {
      var content = new StoredSecret(shards.get(index)).bytes(RevisionFiles.passwordShard(index));
      try {
        content.ifPresent(bytes -> hashes.putAll(PasswordFile.parse(bytes).users()));
      } catch (IllegalArgumentException damaged) {
        // It is written anew; until then nobody falls back on it.
      }
    }
    return hashes;
  }
}
