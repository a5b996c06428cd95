package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The users' password and ACL files, cut into shards that fit a Kubernetes Secret each.
 *
 * <p>A user's shard is given by the first bits of the SHA-256 of the name, so that a change to one
 * user changes one shard. The number of shards is a power of two that only grows: doubling it cuts
 * each shard in two.
 *
 * @param count 1, 2, 4, 8, 16 or 32
 * @param files {@code password-<n>} and {@code acl-<n>} for each n below {@code count}; the arrays
 *     are not to be changed
 */
public record AccessShards(int count, SortedMap<String, byte[]> files) {
  public static final int MAX_SHARDS = 32;

  /** Both files of a shard together; a Secret holds 1 MiB (Kubernetes MaxSecretSize). */
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
    return of(users, previousCount, MAX_SHARD_BYTES);
  }

  static Sharding of(Collection<UserAccess> users, int previousCount, int maxShardBytes) {
    if (previousCount != 0
        && (previousCount > MAX_SHARDS || Integer.bitCount(previousCount) != 1)) {
      throw new IllegalArgumentException(
          "The number of shards is a power of two up to 32, not " + previousCount);
    }
    List<Chunk> chunks = users.stream().map(Chunk::of).sorted(Chunk.ORDER).toList();
    requireDistinct(chunks);
    for (int count = Math.max(1, previousCount); count <= MAX_SHARDS; count *= 2) {
      if (fullest(chunks, count) <= maxShardBytes) {
        return new Sharding.Fitting(new AccessShards(count, render(chunks, count)));
      }
    }
    return tooLarge(chunks, maxShardBytes);
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

  /** The bytes of all files together. */
  public long bytes() {
    return files.values().stream().mapToLong(content -> content.length).sum();
  }

  @Override
  public String toString() {
    return "AccessShards[count=" + count + "]";
  }

  /** The first five bits of the SHA-256 of a name. */
  private static int place(Username name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(name.value().getBytes(StandardCharsets.UTF_8));
      return (digest[0] & 0xFF) * MAX_SHARDS / 256;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void requireDistinct(List<Chunk> chunks) {
    for (int i = 1; i < chunks.size(); i++) {
      if (chunks.get(i).name.equals(chunks.get(i - 1).name)) {
        throw new IllegalArgumentException(
            "The user %s is there twice".formatted(chunks.get(i).name));
      }
    }
  }

  private static long fullest(List<Chunk> chunks, int count) {
    long[] sizes = new long[count];
    for (Chunk chunk : chunks) {
      sizes[chunk.place * count / MAX_SHARDS] += chunk.bytes();
    }
    long fullest = 0;
    for (long size : sizes) {
      fullest = Math.max(fullest, size);
    }
    return fullest;
  }

  private static SortedMap<String, byte[]> render(List<Chunk> chunks, int count) {
    var files = new TreeMap<String, byte[]>();
    for (int shard = 0; shard < count; shard++) {
      int index = shard;
      List<Chunk> members =
          chunks.stream().filter(chunk -> chunk.place * count / MAX_SHARDS == index).toList();
      files.put(
          RevisionFiles.passwordShard(index), join(members.stream().map(Chunk::password).toList()));
      files.put(RevisionFiles.aclShard(index), join(members.stream().map(Chunk::acl).toList()));
    }
    return files;
  }

  private static byte[] join(List<byte[]> parts) {
    byte[] whole = new byte[parts.stream().mapToInt(part -> part.length).sum()];
    int offset = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, offset, part.length);
      offset += part.length;
    }
    return whole;
  }

  private static Sharding.TooLarge tooLarge(List<Chunk> chunks, int maxShardBytes) {
    long total = chunks.stream().mapToLong(Chunk::bytes).sum();
    Chunk largest = chunks.stream().max(Comparator.comparingLong(Chunk::bytes)).orElseThrow();
    return new Sharding.TooLarge(
        ("%d users take %d bytes in the password and ACL files, %d of them in the fullest of %d"
                + " shards, and a shard holds %d; the largest user is %s with %d bytes. Remove"
                + " users or rules, or use another broker")
            .formatted(
                chunks.size(),
                total,
                fullest(chunks, MAX_SHARDS),
                MAX_SHARDS,
                maxShardBytes,
                largest.name,
                largest.bytes()));
  }

  /** One user's lines in both files, rendered once. */
  private static final class Chunk {
    static final Comparator<Chunk> ORDER = Comparator.comparing(chunk -> chunk.name);
    final Username name;
    final int place;
    private final byte[] password;
    private final byte[] acl;

    private Chunk(Username name, byte[] password, byte[] acl) {
      this.name = name;
      this.place = place(name);
      this.password = password;
      this.acl = acl;
    }

    static Chunk of(UserAccess user) {
      return new Chunk(
          user.name(),
          TextFile.render(List.of(PasswordFile.line(user.name(), user.password()))),
          TextFile.render(AclFile.lines(user.name(), user.entries())));
    }

    byte[] password() {
      return password;
    }

    byte[] acl() {
      return acl;
    }

    long bytes() {
      return (long) password.length + acl.length;
    }
  }
}
