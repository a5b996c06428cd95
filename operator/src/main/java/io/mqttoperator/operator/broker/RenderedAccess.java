package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.AclFile;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.mosquitto.ConfigurationFiles;
import io.mqttoperator.operator.mosquitto.PasswordFile;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a revision's files say of listeners, users and rules: read back before they are used, so
 * that a mistake in what writes them opens no broker.
 *
 * @param entries of users that have any
 */
record RenderedAccess(
    Optional<BrokerConfiguration> configuration,
    AccessHead head,
    Map<Username, PasswordHash> passwords,
    Map<Username, List<AclEntry>> entries) {

  /** What is to be rendered. */
  RenderedAccess(ConfigurationFiles configuration, AccessHead head, Collection<UserAccess> users) {
    this(parsed(configuration), head, new HashMap<>(), new HashMap<>());
    for (var user : users) {
      passwords.put(user.name(), user.password());
      if (!user.entries().isEmpty()) {
        entries.put(user.name(), user.entries());
      }
    }
  }

  /** A stored one was read back when it was stored. */
  private static Optional<BrokerConfiguration> parsed(ConfigurationFiles configuration) {
    return switch (configuration) {
      case BrokerConfiguration wanted -> Optional.of(wanted);
      case StoredConfiguration stored -> Optional.empty();
    };
  }

  /**
   * Reads the files.
   *
   * @param wanted what they were rendered from
   * @throws IllegalStateException if one of them is not as we write it
   */
  static RenderedAccess read(Map<String, byte[]> files, ConfigurationFiles wanted) {
    var passwords = new HashMap<Username, PasswordHash>();
    var entries = new HashMap<Username, List<AclEntry>>();
    try {
      for (int index = 0; files.containsKey(RevisionFiles.passwordShard(index)); index++) {
        var users = PasswordFile.parse(file(files, RevisionFiles.passwordShard(index))).users();
        users.forEach((name, hash) -> requireFirst(passwords.put(name, hash), name));
        var sections = AclFile.parse(file(files, RevisionFiles.aclShard(index))).sections();
        sections.forEach((name, rules) -> requireFirst(entries.put(name, rules), name));
      }
      return new RenderedAccess(
          parsed(wanted)
              .map(any -> BrokerConfiguration.parse(file(files, RevisionFiles.CONFIGURATION))),
          AccessHead.parse(
              file(files, RevisionFiles.ACL_HEAD), file(files, RevisionFiles.PASSWORD_HEAD)),
          passwords,
          entries);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalStateException(
          "what was rendered cannot be read back: " + malformed.getMessage(), malformed);
    }
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private static void requireFirst(
      @org.jspecify.annotations.Nullable Object before, Username name) {
    if (before != null) {
      throw new IllegalArgumentException("User %s is in two shards".formatted(name.value()));
    }
  }

  /**
   * Requires that this is what was to be rendered.
   *
   * @throws IllegalStateException if it is not; the message holds none of it
   */
  void require(RenderedAccess wanted) {
    requireSame(RevisionFiles.CONFIGURATION, configuration, wanted.configuration);
    requireSame(RevisionFiles.ACL_HEAD, head, wanted.head);
    requireSame("the password files", passwords, wanted.passwords);
    requireSame("the ACL files", entries, wanted.entries);
  }

  private static void requireSame(String what, Object read, Object wanted) {
    if (!read.equals(wanted)) {
      throw new IllegalStateException(
          "%s: what was rendered says something else than it was to say".formatted(what));
    }
  }

  @Override
  public String toString() {
    return "RenderedAccess[users=" + passwords.size() + "]";
  }
}
