package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.HASH;
import static io.mqttoperator.operator.mosquitto.Samples.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessShardsTest {
  private static final int SMALL = 600;

  @Test
  void noUsersMakeOneEmptyShard() {
    AccessShards shards = fitting(AccessShards.of(List.of(), 0));
    assertThat(shards.count()).isEqualTo(1);
    assertThat(shards.files().keySet()).containsExactly("acl-0", "password-0");
    assertThat(shards.files().values()).allMatch(content -> content.length == 0);
  }

  @Property(tries = 300)
  void everyUserIsInItsShardAndNowhereElse(
      @ForAll("distinctUsers") List<UserAccess> users, @ForAll @IntRange(max = 5) int power) {
    AccessShards shards = fitting(AccessShards.of(users, 1 << power));
    var seen = new TreeSet<Username>();
    for (int i = 0; i < shards.count(); i++) {
      PasswordFile passwords = PasswordFile.parse(shards.passwordShard(i));
      AclFile acl = AclFile.parse(shards.aclShard(i));
      assertThat(passwords.users().keySet()).containsAll(acl.sections().keySet());
      for (Username name : passwords.users().keySet()) {
        assertThat(AccessShards.indexOf(name, shards.count())).isEqualTo(i);
        assertThat(seen.add(name)).isTrue();
      }
      for (UserAccess user : users) {
        if (passwords.users().containsKey(user.name())) {
          assertThat(acl.sections().getOrDefault(user.name(), List.of())).isEqualTo(user.entries());
        }
      }
    }
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(users.stream().map(UserAccess::name).toList());
  }

  @Property(tries = 300)
  void aChangeToOneUserChangesItsShardAlone(
      @ForAll("distinctUsers") List<UserAccess> users, @ForAll("user") UserAccess changed) {
    List<UserAccess> without =
        users.stream().filter(user -> !user.name().equals(changed.name())).toList();
    var with = new ArrayList<>(without);
    with.add(changed);
    AccessShards before = fitting(AccessShards.of(without, 16));
    AccessShards after = fitting(AccessShards.of(with, 16));
    int own = AccessShards.indexOf(changed.name(), 16);
    for (int i = 0; i < 16; i++) {
      if (i != own) {
        assertThat(after.aclShard(i)).isEqualTo(before.aclShard(i));
        assertThat(after.passwordShard(i)).isEqualTo(before.passwordShard(i));
      }
    }
    assertThat(after.passwordShard(own)).isNotEqualTo(before.passwordShard(own));
  }

  @Property(tries = 300)
  void theOrderOfUsersMakesNoDifference(
      @ForAll("distinctUsers") List<UserAccess> users, @ForAll Random random) {
    var shuffled = new ArrayList<>(users);
    Collections.shuffle(shuffled, random);
    AccessShards one = fitting(AccessShards.of(users, 4));
    AccessShards other = fitting(AccessShards.of(shuffled, 4));
    one.files().forEach((name, content) -> assertThat(other.files().get(name)).isEqualTo(content));
  }

  @Property
  void doublingCutsEachShardInTwo(@ForAll("user") UserAccess user) {
    for (int count = 1; count < AccessShards.MAX_SHARDS; count *= 2) {
      assertThat(AccessShards.indexOf(user.name(), 2 * count) / 2)
          .isEqualTo(AccessShards.indexOf(user.name(), count));
    }
  }

  @Property(tries = 300)
  void theNumberGrowsOnlyWhenAShardWouldBeTooLarge(
      @ForAll("distinctUsers") List<UserAccess> users, @ForAll @IntRange(max = 5) int power) {
    int before = 1 << power;
    if (new ShardRenderer().render(users, before, SMALL) instanceof Sharding.Fitting fitting) {
      int count = fitting.shards().count();
      assertThat(count).isGreaterThanOrEqualTo(before);
      assertThat(fullest(fitting.shards())).isLessThanOrEqualTo(SMALL);
      if (count > before) {
        assertThat(fullest(fitting(AccessShards.of(users, count / 2)))).isGreaterThan(SMALL);
      }
    } else {
      assertThat(fullest(fitting(AccessShards.of(users, 32)))).isGreaterThan(SMALL);
    }
  }

  @Test
  void saysByHowMuchTheUsersAreTooMany() {
    List<UserAccess> users =
        List.of(user("alice", entry(Right.READ, "a".repeat(250))), user("bob"));
    assertThat(new ShardRenderer().render(users, 0, 200))
        .isInstanceOfSatisfying(
            Sharding.TooLarge.class,
            large ->
                assertThat(large.message())
                    .contains("2 users take", "of 32 shards", "holds 200", "alice with"));
  }

  @Test
  void twentyThousandUsersTakeSecondsAtMost() {
    List<UserAccess> users =
        IntStream.range(0, 20_000)
            .mapToObj(
                i ->
                    user(
                        "user" + i,
                        entry(Right.READ, "all/#"),
                        entry(Right.READWRITE, "users/user" + i + "/#"),
                        entry(Right.DENY, "users/user" + i + "/private")))
            .toList();
    long start = System.nanoTime();
    AccessShards shards = fitting(AccessShards.of(users, 0));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(shards.count()).isEqualTo(8);
    assertThat(fullest(shards)).isLessThanOrEqualTo(AccessShards.MAX_SHARD_BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, 33, 64})
  void theNumberBeforeIsAPowerOfTwo(int previousCount) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessShards.of(List.of(), previousCount));
  }

  @Test
  void refusesOneNameTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessShards.of(List.of(user("a"), user("b"), user("a")), 0));
  }

  private static UserAccess user(String name, AclEntry... entries) {
    return new UserAccess(new Username(name), HASH, List.of(entries));
  }

  private static AccessShards fitting(Sharding sharding) {
    return switch (sharding) {
      case Sharding.Fitting fitting -> fitting.shards();
      case Sharding.TooLarge large -> throw new AssertionError(large.message());
    };
  }

  private static int fullest(AccessShards shards) {
    return IntStream.range(0, shards.count())
        .map(i -> shards.aclShard(i).length + shards.passwordShard(i).length)
        .max()
        .orElseThrow();
  }

  @Provide
  Arbitrary<List<UserAccess>> distinctUsers() {
    return Samples.distinctUsers();
  }

  @Provide
  Arbitrary<UserAccess> user() {
    return Samples.users();
  }
}
