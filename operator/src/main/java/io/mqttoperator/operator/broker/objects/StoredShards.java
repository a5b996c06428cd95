package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Of one broker's shards, those that were found to be stored as they are to be: nothing is encoded
 * and compared again until the shard or its Secret is another.
 */
public final class StoredShards {

  private static final class Known {
    final byte[] password;
    final byte[] acl;
    final byte @Nullable [] keys;
    final Secret secret;

    Known(byte[] password, byte[] acl, byte @Nullable [] keys, Secret secret) {
      this.password = password;
      this.acl = acl;
      this.keys = keys;
      this.secret = secret;
    }
  }

  private final Map<Integer, Known> known = new HashMap<>();

  /** The same objects, as the renderer and the caches give them for what has not changed. */
  @SuppressWarnings("ReferenceEquality")
  synchronized boolean isStored(int index, Map<String, byte[]> shard, @Nullable Secret present) {
    var before = known.get(index);
    return before != null
        && before.secret == present
        && before.password == shard.get(RevisionFiles.passwordShard(index))
        && before.acl == shard.get(RevisionFiles.aclShard(index))
        && before.keys == shard.get(RevisionFiles.keyShard(index));
  }

  /** Nothing had to be written. */
  synchronized void add(int index, Map<String, byte[]> shard, Secret present) {
    known.put(
        index,
        new Known(
            Objects.requireNonNull(shard.get(RevisionFiles.passwordShard(index))),
            Objects.requireNonNull(shard.get(RevisionFiles.aclShard(index))),
            shard.get(RevisionFiles.keyShard(index)),
            present));
  }
}
