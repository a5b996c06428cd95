package io.mqttoperator.operator.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Right;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mosquitto.Sharding;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RenderedAccessTest {

  private static final SaltKey SALTS = new SaltKey(new byte[32]);
  private static final PasswordHash HASH = PasswordHash.ofNobody(SALTS);
  private static final AccessHead HEAD =
      new AccessHead(new OperatorAccount("$mqtt-operator-" + "0".repeat(32)), List.of(), HASH);
  private static final List<UserAccess> USERS = List.of(user("alice"), user("bob"));
  private static final BrokerConfiguration CONFIGURATION = Samples.defaults().configuration();
  private static final RenderedAccess WANTED = new RenderedAccess(CONFIGURATION, HEAD, USERS);

  @Test
  void whatIsRenderedSaysWhatItIsToSay() {
    RenderedAccess.read(files(), CONFIGURATION).require(WANTED);
  }

  @Test
  void anotherSetOfUsersOrRulesIsNoticed() {
    for (var change :
        Map.of(
                "password-0",
                "alice:" + HASH.value() + "\n",
                "acl-0",
                "user alice\ntopic readwrite a/#\n",
                "acl-head",
                text(HEAD.renderAcl()).replace("$SYS/#\n", "$SYS/#\ntopic read #\n"),
                "mosquitto.conf",
                "allow_anonymous true\n")
            .entrySet()) {
      var files = files();
      files.put(change.getKey(), change.getValue().getBytes(US_ASCII));
      assertThatThrownBy(() -> RenderedAccess.read(files, CONFIGURATION).require(WANTED))
          .as(change.getKey())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageNotContaining(HASH.value());
    }
  }

  @Test
  void usersThatAreGoneAreForgotten() {
    var hashes = new PasswordHashes();
    var password = new SecretBytes("trout".getBytes(US_ASCII));
    hashes.of(new Username("alice"), password, SALTS, 1);
    hashes.of(new Username("bob"), password, SALTS, 1);
    hashes.keepOnly(Set.of(new Username("bob")));
    assertThat(hashes.size()).isOne();
  }

  private static Map<String, byte[]> files() {
    return files(USERS);
  }

  private static Map<String, byte[]> files(List<UserAccess> users) {
    var files = new HashMap<String, byte[]>();
    files.put("mosquitto.conf", Samples.defaults().configuration().render());
    files.put("acl-head", HEAD.renderAcl());
    files.put("password-head", HEAD.renderPassword());
    files.putAll(((Sharding.Fitting) AccessShards.of(users, 0)).shards().files());
    return files;
  }

  private static String text(byte[] content) {
    return new String(content, US_ASCII);
  }

  private static UserAccess user(String name) {
    return new UserAccess(
        new Username(name),
        HASH,
        IntStream.range(0, 4)
            .mapToObj(i -> new AclEntry(Right.READWRITE, new TopicFilter(name + "/" + i + "/#")))
            .toList());
  }
}
