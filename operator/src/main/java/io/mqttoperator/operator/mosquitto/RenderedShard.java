package io.mqttoperator.operator.mosquitto;

import java.io.ByteArrayOutputStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One shard's files, read back after they were rendered: a mistake in what writes them opens no
 * broker.
 */
final class RenderedShard {

  private final List<UserLines> members;
  private final byte[] password;
  private final byte[] keys;
  private final byte[] acl;

  RenderedShard(List<UserLines> members, byte[] password, byte[] keys, byte[] acl) {
    this.members = members;
    this.password = password;
    this.keys = keys;
    this.acl = acl;
  }

  /**
   * Renders the files and reads them back.
   *
   * @throws IllegalArgumentException if a name is there twice
   * @throws IllegalStateException if the files do not say what they were to say; the message holds
   *     none of it
   */
  static RenderedShard of(List<UserLines> members) {
    List<UserLines> sorted =
        members.stream().sorted(Comparator.comparing(lines -> lines.user().name())).toList();
    requireDistinct(sorted);
    var shard =
        new RenderedShard(
            members,
            join(sorted, UserLines::password),
            join(sorted, UserLines::key),
            join(sorted, UserLines::acl));
    shard.requireReadBack();
    return shard;
  }

  byte[] password() {
    return password;
  }

  /** Empty where nobody has a key. */
  byte[] keys() {
    return keys;
  }

  byte[] acl() {
    return acl;
  }

  /** Whether these, in the order in which they were given, are its members. */
  @SuppressWarnings("ReferenceEquality") // lines are rendered once for each user as it is
  boolean isOf(List<UserLines> users) {
    if (users.size() != members.size()) {
      return false;
    }
    for (int i = 0; i < users.size(); i++) {
      if (users.get(i) != members.get(i)) {
        return false;
      }
    }
    return true;
  }

  void requireReadBack() {
    var hashes = new HashMap<Username, PasswordHash>();
    var shared = new HashMap<Username, PreSharedKey>();
    var entries = new HashMap<Username, List<AclEntry>>();
    for (var lines : members) {
      lines.user().password().ifPresent(hash -> hashes.put(lines.user().name(), hash));
      lines.user().key().ifPresent(key -> shared.put(lines.user().name(), key));
      if (!lines.user().entries().isEmpty()) {
        entries.put(lines.user().name(), lines.user().entries());
      }
    }
    requireSame("a password file", hashes, () -> PasswordFile.parse(password).users());
    requireSame("a file of pre-shared keys", shared, () -> PreSharedKeyFile.parse(keys).users());
    requireSame("an ACL file", entries, () -> AclFile.parse(acl).sections());
  }

  private static void requireSame(String what, Map<?, ?> wanted, Supplier<Map<?, ?>> read) {
    boolean same;
    try {
      same = wanted.equals(new HashMap<>(read.get()));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalStateException(
          "%s: what was rendered cannot be read back: %s".formatted(what, malformed.getMessage()),
          malformed);
    }
    if (!same) {
      throw new IllegalStateException(
          "%s: what was rendered says something else than it was to say".formatted(what));
    }
  }

  private static void requireDistinct(List<UserLines> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).user().name().equals(sorted.get(i - 1).user().name())) {
        throw new IllegalArgumentException(
            "The user %s is there twice".formatted(sorted.get(i).user().name()));
      }
    }
  }

  private static byte[] join(List<UserLines> sorted, Function<UserLines, byte[]> file) {
    var whole = new ByteArrayOutputStream();
    sorted.forEach(lines -> whole.writeBytes(file.apply(lines)));
    return whole.toByteArray();
  }

  @Override
  public String toString() {
    return "RenderedShard[users=" + members.size() + "]";
  }
}
