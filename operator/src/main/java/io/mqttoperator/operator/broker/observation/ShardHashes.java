package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Username;
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
      read = OwnSecret.stored(shards);
    }
    return Optional.ofNullable(read.get(new Username(username)));
  }
}
