package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Renders a broker's shards, and remembers them: what is rendered anew, and read back, is the lines
 * of users that changed and the shards that hold these. For one thread at a time.
 */
public final class ShardRenderer {

  private IdentityHashMap<UserAccess, UserLines> known = new IdentityHashMap<>();
  private List<RenderedShard> rendered = List.of();

  /**
   * Renders the users' files in the fewest shards that hold them, but no fewer than before.
   *
   * @param users what is the same object as the last time is taken to be the same
   * @param previousCount the number of shards in use, a power of two; 0 if none
   * @throws IllegalArgumentException if a name is there twice, or for another previous count
   * @throws IllegalStateException if the files do not say what they were to say
   */
  public Sharding render(Collection<UserAccess> users, int previousCount) {
    return render(users, previousCount, AccessShards.MAX_SHARD_BYTES);
  }

  Sharding render(Collection<UserAccess> users, int previousCount, int maxShardBytes) {
    if (previousCount != 0
        && (previousCount > AccessShards.MAX_SHARDS || Integer.bitCount(previousCount) != 1)) {
      throw new IllegalArgumentException(
          "The number of shards is a power of two up to 32, not " + previousCount);
    }
    List<UserLines> lines = lines(users);
    for (int count = Math.max(1, previousCount); count <= AccessShards.MAX_SHARDS; count *= 2) {
      if (fullest(lines, count) <= maxShardBytes) {
        return new Sharding.Fitting(shards(lines, count));
      }
    }
    return tooLarge(lines, maxShardBytes);
  }

  private List<UserLines> lines(Collection<UserAccess> users) {
    var next = new IdentityHashMap<UserAccess, UserLines>(users.size());
    var lines = new ArrayList<UserLines>(users.size());
    for (UserAccess user : users) {
      UserLines before = known.get(user);
      UserLines line = before == null ? UserLines.of(user) : before;
      next.put(user, line);
      lines.add(line);
    }
    known = next;
    return lines;
  }

  private AccessShards shards(List<UserLines> lines, int count) {
    var members = new ArrayList<List<UserLines>>(count);
    for (int shard = 0; shard < count; shard++) {
      members.add(new ArrayList<>());
    }
    lines.forEach(line -> members.get(line.shard(count)).add(line));
    var next = new ArrayList<RenderedShard>(count);
    var files = new TreeMap<String, byte[]>();
    for (int shard = 0; shard < count; shard++) {
      var of = members.get(shard);
      var same = rendered.size() == count && rendered.get(shard).isOf(of);
      var shardFiles = same ? rendered.get(shard) : RenderedShard.of(of);
      next.add(shardFiles);
      files.put(RevisionFiles.passwordShard(shard), shardFiles.password());
      files.put(RevisionFiles.aclShard(shard), shardFiles.acl());
      if (shardFiles.keys().length > 0) {
        files.put(RevisionFiles.keyShard(shard), shardFiles.keys());
      }
    }
    rendered = next;
    return new AccessShards(count, files);
  }

  private static long fullest(List<UserLines> lines, int count) {
    long[] sizes = new long[count];
    for (UserLines line : lines) {
      sizes[line.shard(count)] += line.bytes();
    }
    long fullest = 0;
    for (long size : sizes) {
      fullest = Math.max(fullest, size);
    }
    return fullest;
  }

  private static Sharding.TooLarge tooLarge(List<UserLines> lines, int maxShardBytes) {
    long total = lines.stream().mapToLong(UserLines::bytes).sum();
    UserLines largest =
        lines.stream().max(Comparator.comparingLong(UserLines::bytes)).orElseThrow();
    return new Sharding.TooLarge(
        ("%d users take %d bytes in the password and ACL files, %d of them in the fullest of %d"
                + " shards, and a shard holds %d; the largest user is %s with %d bytes. Remove"
                + " users or rules, or use another broker")
            .formatted(
                lines.size(),
                total,
                fullest(lines, AccessShards.MAX_SHARDS),
                AccessShards.MAX_SHARDS,
                maxShardBytes,
                largest.user().name(),
                largest.bytes()));
  }
}
