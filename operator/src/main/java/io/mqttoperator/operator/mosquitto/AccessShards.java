package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The users' password, key and ACL files, cut into shards that fit a Kubernetes Secret each.
 *
 * <p>A user's shard is given by the first bits of the SHA-256 of the name, so that a change to one
 * user changes one shard. The number of shards is a power of two that only grows: doubling it cuts
 * each shard in two.
 *
 * @param count 1, 2, 4, 8, 16 or 32
 * @param files {@code password-<n>} and {@code acl-<n>} for each n below {@code count}, and {@code
 *     psk-<n>} where somebody has a pre-shared key; the arrays are not to be changed
 */
public record AccessShards(int count, SortedMap<String, byte[]> files) {
  public static final int MAX_SHARDS = 32;

  /** All files of a shard together; a Secret holds 1 MiB (Kubernetes MaxSecretSize). */
  public static final int MAX_SHARD_BYTES = 768 * 1024;

  public AccessShards {
    files = Sorted.copyOf(files);
  }

  /**
   * Renders the users' files in the fewest shards that hold them, but no fewer than before.
   *
   * @param previousCount the number of shards in use, a power of two; 0 if none
   * @throws IllegalArgumentException if a name is there twice, or for another previous count
   */
  public static Sharding of(Collection<UserAccess> users, int previousCount) {
    return new ShardRenderer().render(users, previousCount);
  }

  /** The shard, of {@code count}, that a user is in. */
  public static int indexOf(Username name, int count) {
    return place(name) * count / MAX_SHARDS;
  }

  /** The file {@code password-<index>}. */
  public byte[] passwordShard(int index) {
    return Objects.requireNonNull(files.get(RevisionFiles.passwordShard(index)));
  }

  /** The file {@code acl-<index>}. */
  public byte[] aclShard(int index) {
    return Objects.requireNonNull(files.get(RevisionFiles.aclShard(index)));
  }

  /** The files of one shard. */
  public SortedMap<String, byte[]> shard(int index) {
    var shard = new TreeMap<String, byte[]>();
    for (var name :
        List.of(
            RevisionFiles.passwordShard(index),
            RevisionFiles.aclShard(index),
            RevisionFiles.keyShard(index))) {
      if (files.containsKey(name)) {
        shard.put(name, files.get(name));
      }
    }
    return shard;
  }

  /** The bytes of all files together. */
  public long bytes() {
    return files.values().stream().mapToLong(content -> content.length).sum();
  }

  @Override
  public String toString() {
    return "AccessShards[count=" + count + "]";
  }

  /** The first five bits of the SHA-256 of a name. */
  static int place(Username name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(name.value().getBytes(StandardCharsets.UTF_8));
      return (digest[0] & 0xFF) * MAX_SHARDS / 256;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
