package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.HASH;
import static io.mqttoperator.operator.mosquitto.Samples.entry;
import static io.mqttoperator.operator.mosquitto.Samples.text;
import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AclAndPasswordFileTest {
  @Test
  void theAclFileHasASectionForEachUserWithEntries() {
    var sections = new TreeMap<Username, List<AclEntry>>();
    sections.put(new Username("bob"), List.of(entry(Right.READ, "b c/#")));
    sections.put(
        new Username("alice"), List.of(entry(Right.WRITE, "a"), entry(Right.DENY, "a/no")));
    sections.put(new Username("carol"), List.of());
    assertThat(text(new AclFile(sections).render()))
        .isEqualTo(
            """
            user alice
            topic deny a/no
            topic write a
            user bob
            topic read b c/#
            """);
  }

  @Property
  void filesAreReadBackAsTheyWereMeant(@ForAll("distinctUsers") List<UserAccess> users) {
    PasswordFile passwords = passwordFile(users);
    AclFile acl = aclFile(users);
    assertThat(PasswordFile.parse(passwords.render())).isEqualTo(passwords);
    assertThat(AclFile.parse(acl.render())).isEqualTo(acl);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topic read a\n", // for anonymous clients
        "user a", // no end
        "user a\n", // no entry
        "user a\n\ntopic read b\n",
        "user a \ntopic read b\n",
        "user a\r\ntopic read b\n",
        "user a\ntopic read b\nuser a\ntopic read c\n", // Mosquitto would join them
        "user b\ntopic read b\nuser a\ntopic read c\n",
        "user a\ntopic b\n", // read and write
        "user a\ntopic read\n", // the topic "read"
        "user a\ntopic READ b\n",
        "user a\ntopic read  b\n",
        "user a\ntopic read b \n",
        "user a\ntopic\tread b\n",
        "user a\ntopic read b\ntopic read b\n",
        "user a\ntopic read b\ntopic write b\n",
        "user a\ntopic read b\u0000\ntopic deny c\n", // a NUL hides what follows
        "user a\ntopic write $mqtt-operator/revision/x\n",
        "user a\npattern read b\n",
        "\ufeffuser a\ntopic read b\n",
        "# x\nuser a\ntopic read b\n",
        "user $mqtt-operator-nobody\ntopic read b\n"
      })
  void refusesAnAclFileThatMosquittoMightReadOtherwise(String file) {
    assertThatIllegalArgumentException().isThrownBy(() -> AclFile.parse(utf8(file)));
  }

  @Test
  void refusesAPasswordFileThatMosquittoMightReadOtherwise() {
    String hash = HASH.value();
    String good = "a:" + hash + "\nb:" + hash + "\n";
    assertThat(PasswordFile.parse(utf8(good)).users()).hasSize(2);
    for (String bad :
        List.of(
            "a:" + hash,
            "a\n",
            "a:\n",
            ":" + hash + "\n",
            "a:x:" + hash + "\n",
            "a:" + hash + ":\n",
            "a:" + hash + "\n\n",
            " a:" + hash + "\n",
            "\ufeffa:" + hash + "\n",
            "#a:" + hash + "\n",
            "b:" + hash + "\na:" + hash + "\n",
            "a:" + hash + "\na:" + hash + "\n")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PasswordFile.parse(utf8(bad)))
          .withMessageNotContaining(hash);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PasswordFile.parse(new byte[] {(byte) 0xFF, '\n'}));
  }

  /** Whatever a resource holds is either refused or stays within its own user's lines. */
  @Property(tries = 5000)
  void noStringChangesAnotherUsersLines(
      @ForAll("hostileStrings") String name, @ForAll("hostileStrings") String topic) {
    var victim = new UserAccess(new Username("alice"), HASH, List.of(entry(Right.DENY, "#")));
    UserAccess user;
    try {
      TopicFilter filter = new TopicTemplate(topic).expand(new Username(name), "ns");
      user = new UserAccess(new Username(name), HASH, List.of(new AclEntry(Right.READ, filter)));
    } catch (IllegalArgumentException refused) {
      user = victim;
    }
    List<UserAccess> users =
        user.name().equals(victim.name()) ? List.of(victim) : List.of(victim, user);
    String acl = text(aclFile(users).render());
    String passwords = text(passwordFile(users).render());
    assertThat(acl.lines()).hasSize(2 * users.size());
    assertThat(acl.chars().filter(c -> c == '\n')).hasSize(2 * users.size());
    assertThat(acl).contains("user alice\ntopic deny #\n").doesNotContain("topic write");
    assertThat(passwords.chars().filter(c -> c == '\n')).hasSize(users.size());
    assertThat(passwords).contains("alice:" + HASH.value() + "\n");
    assertThat(MosquittoAcl.read(acl).keySet())
        .containsExactlyInAnyOrderElementsOf(
            users.stream().map(each -> each.name().value()).toList());
  }

  /** Our files, read as Mosquitto's parser does, mean what we meant. */
  @Property
  void mosquittoReadsTheAclFileAsWeDo(@ForAll("distinctUsers") List<UserAccess> users) {
    Map<String, List<String>> read = MosquittoAcl.read(text(aclFile(users).render()));
    for (UserAccess user : users) {
      assertThat(read.getOrDefault(user.name().value(), List.of()))
          .containsExactlyElementsOf(
              user.entries().stream()
                  .map(entry -> entry.right().word() + " " + entry.filter().value())
                  .toList());
    }
    assertThat(read).doesNotContainKey(MosquittoAcl.ANONYMOUS);
  }

  private static AclFile aclFile(List<UserAccess> users) {
    var sections = new TreeMap<Username, List<AclEntry>>();
    users.forEach(user -> sections.put(user.name(), user.entries()));
    return new AclFile(sections);
  }

  private static PasswordFile passwordFile(List<UserAccess> users) {
    var hashes = new TreeMap<Username, PasswordHash>();
    users.forEach(user -> user.password().ifPresent(hash -> hashes.put(user.name(), hash)));
    return new PasswordFile(hashes);
  }

  @Provide
  Arbitrary<List<UserAccess>> distinctUsers() {
    return Samples.distinctUsers();
  }

  @Provide
  Arbitrary<String> hostileStrings() {
    return Samples.hostileStrings();
  }
}
