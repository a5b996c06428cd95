package io.mqttoperator.operator.mosquitto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenderedShardTest {

  private static final String KEY = "00112233445566778899aabbccddeeff";

  private static final PasswordHash HASH = PasswordHash.ofNobody(new SaltKey(new byte[32]));
  private static final List<UserLines> MEMBERS = List.of(user("bob"), user("alice"));
  private static final RenderedShard SHARD = RenderedShard.of(MEMBERS);

  @Test
  void anythingElseThanWasToBeRenderedIsNoticed() {
    var passwords = text(SHARD.password());
    for (var other :
        List.of(
            "",
            "alice:" + HASH.value() + "\n",
            passwords + "carol:" + HASH.value() + "\n",
            passwords.replace("alice", "alicf"),
            passwords + "\n",
            "carol\n")) {
      requireNoticed(
          new RenderedShard(MEMBERS, other.getBytes(US_ASCII), SHARD.keys(), SHARD.acl()));
    }
    var rules = text(SHARD.acl());
    for (var other :
        List.of(
            "",
            rules.substring(0, rules.indexOf("user bob")),
            rules.replace("read alice", "readwrite alice"),
            rules.replace("topic read alice/#", "topic read #"),
            rules + "topic read #\n",
            "pattern read %u/#\n" + rules)) {
      requireNoticed(
          new RenderedShard(MEMBERS, SHARD.password(), SHARD.keys(), other.getBytes(US_ASCII)));
    }
  }

  @Test
  void anotherKeyThanWasToBeRenderedIsNoticed() {
    var keys = text(SHARD.keys());
    for (var other :
        List.of(
            "",
            keys.replace("alice", "alicf"),
            keys.replace("0011", "0012"),
            keys + "carol:" + KEY + "\n",
            keys + "\n")) {
      requireNoticed(
          new RenderedShard(MEMBERS, SHARD.password(), other.getBytes(US_ASCII), SHARD.acl()));
    }
  }

  private static void requireNoticed(RenderedShard damaged) {
    assertThatIllegalStateException()
        .isThrownBy(damaged::requireReadBack)
        .satisfies(
            said ->
                org.assertj.core.api.Assertions.assertThat(said.getMessage())
                    .doesNotContain(HASH.value(), KEY));
  }

  private static UserLines user(String name) {
    return UserLines.of(
        new UserAccess(
            new Username(name),
            Optional.of(HASH),
            Optional.of(PreSharedKey.parse(KEY.getBytes(US_ASCII))),
            List.of(new AclEntry(Right.READ, new TopicFilter(name + "/#")))));
  }

  private static String text(byte[] content) {
    return new String(content, US_ASCII);
  }
}
