package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Revision;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The password, key and ACL files of a broker as the operator writes them, put together as {@code
 * assemble} of supervisor.sh does.
 *
 * @param proof the topic that the operator's account, and no other, may publish to
 */
record CompiledAccess(String proof, String passwords, String keys, String acl) {

  static final BrokerSecrets SECRETS = SecretKeeperTest.made(Samples.defaults());
  static final String OPERATOR = SECRETS.internal().account().value();
  static final String OPERATORS_PASSWORD = "of-the-operator";

  /** May do all that rules can give; its name is none that a user can have. */
  static final String WATCHER = "$watcher";

  private static final int SHARDS = 2;

  static CompiledAccess of(AccessPlan plan, AccessRenderer renderer) {
    try {
      return of(
          renderer
              .render(Samples.defaults().configuration(), Starts.NONE, SECRETS, plan, 1, SHARDS)
              .revision());
    } catch (DoNotFit impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static CompiledAccess of(Revision revision) {
    var proof = AccessHead.REVISION_TOPIC_PREFIX + revision.hex();
    var head =
        file(revision, RevisionFiles.ACL_HEAD)
            .replaceFirst(
                "(?m)^(topic write \\$mqtt-operator/revision/)@REVISION@$", "$1" + revision.hex());
    var password = PasswordHash.pbkdf2(OPERATORS_PASSWORD.getBytes(UTF_8), new byte[12], 1).value();
    return new CompiledAccess(
        proof,
        file(revision, RevisionFiles.PASSWORD_HEAD)
            + shards(revision, RevisionFiles::passwordShard)
            + "%s:%s\n%s:%s\n".formatted(OPERATOR, password, WATCHER, password),
        keys(revision),
        head
            + shards(revision, RevisionFiles::aclShard)
            + "user %s\ntopic readwrite #\ntopic read $SYS/#\n".formatted(WATCHER));
  }

  /** The same with another ACL file. */
  CompiledAccess with(String other) {
    return new CompiledAccess(proof, passwords, keys, other);
  }

  /** Where nobody has a key there are no shards of keys. */
  private static String keys(Revision revision) {
    return IntStream.range(0, SHARDS)
        .mapToObj(RevisionFiles::keyShard)
        .filter(name -> revision.files().containsKey(name))
        .map(name -> file(revision, name))
        .collect(Collectors.joining());
  }

  private static String shards(Revision revision, IntFunction<String> name) {
    var whole = new StringBuilder();
    for (int index = 0; index < SHARDS; index++) {
      whole.append(file(revision, name.apply(index)));
    }
    return whole.toString();
  }

  private static String file(Revision revision, String name) {
    return new String(Objects.requireNonNull(revision.files().get(name), name), UTF_8);
  }
}
