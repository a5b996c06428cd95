package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.ACCOUNT;
import static io.mqttoperator.operator.mosquitto.Samples.HASH;
import static io.mqttoperator.operator.mosquitto.Samples.entry;
import static io.mqttoperator.operator.mosquitto.Samples.text;
import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AccessHeadTest {
  private static final BridgeAccounts BRIDGES =
      new BridgeAccounts("ffeeddccbbaa99887766554433221100");

  @Test
  void anonymousClientsComeBeforeTheOperatorsAccount() {
    var head = new AccessHead(ACCOUNT, List.of(entry(Right.READ, "public/#")), HASH);
    assertThat(text(head.renderAcl()))
        .isEqualTo(
            """
            topic read public/#
            user $mqtt-operator-00112233445566778899aabbccddeeff
            topic write $mqtt-operator/revision/@REVISION@
            topic write $mqtt-operator/start/@START@
            topic read $SYS/#
            """);
    assertThat(text(head.renderPassword()))
        .isEqualTo("$mqtt-operator-nobody:" + HASH.value() + "\n");
  }

  @Test
  void bridgesComeLast() {
    var head = new AccessHead(ACCOUNT, List.of(), HASH, BRIDGES.ofAll(3));
    assertThat(text(head.renderAcl()))
        .isEqualTo(
            """
            user $mqtt-operator-00112233445566778899aabbccddeeff
            topic write $mqtt-operator/revision/@REVISION@
            topic write $mqtt-operator/start/@START@
            topic read $SYS/#
            user $mqtt-bridge-ffeeddccbbaa99887766554433221100-1
            topic readwrite #
            topic write $SYS/broker/connection/$mqtt-bridge-ffeeddccbbaa99887766554433221100-1/state
            user $mqtt-bridge-ffeeddccbbaa99887766554433221100-2
            topic readwrite #
            topic write $SYS/broker/connection/$mqtt-bridge-ffeeddccbbaa99887766554433221100-2/state
            """);
  }

  @Property
  void isReadBackAsItWasMeant(
      @ForAll("entries") List<AclEntry> anonymous, @ForAll("bridges") List<BridgeAccount> bridges) {
    var head = new AccessHead(ACCOUNT, anonymous, HASH, bridges);
    assertThat(AccessHead.parse(head.renderAcl(), head.renderPassword())).isEqualTo(head);
    var read = MosquittoAcl.read(text(head.renderAcl()));
    assertThat(read.get(ACCOUNT.value()))
        .containsExactly(
            "write $mqtt-operator/revision/@REVISION@",
            "write $mqtt-operator/start/@START@",
            "read $SYS/#");
    for (BridgeAccount bridge : bridges) {
      assertThat(read.get(bridge.value()))
          .containsExactly(
              "readwrite #", "write $SYS/broker/connection/" + bridge.value() + "/state");
    }
    assertThat(read).hasSize(1 + bridges.size() + (head.anonymous().isEmpty() ? 0 : 1));
  }

  @Property
  void anyOtherLineIsRefused(@ForAll("bridges") List<BridgeAccount> bridges) {
    var head = new AccessHead(ACCOUNT, List.of(), HASH, bridges);
    List<String> lines = text(head.renderAcl()).lines().toList();
    for (int i = 1; i <= lines.size(); i++) {
      for (String line : List.of("topic readwrite #", "user root", "topic read $SYS/#", "")) {
        if (i < lines.size()) {
          assertRefused(head, lines, i, true, lines.get(i) + line);
        }
        assertRefused(head, lines, i, false, line);
      }
    }
  }

  private static void assertRefused(
      AccessHead head, List<String> lines, int index, boolean instead, String line) {
    var changed = new ArrayList<>(lines);
    if (instead) {
      changed.set(index, line);
    } else {
      changed.add(index, line);
    }
    byte[] acl = TextFile.render(changed);
    if (!changed.equals(lines)) {
      assertThatIllegalArgumentException()
          .as(text(acl))
          .isThrownBy(() -> AccessHead.parse(acl, head.renderPassword()));
    }
  }

  @Test
  void refusesTwoBridgesOfOneName() {
    var twice = List.of(BRIDGES.of(1), BRIDGES.of(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AccessHead(ACCOUNT, List.of(), HASH, twice));
  }

  @Test
  void refusesAHeadThatGivesMore() {
    var head = new AccessHead(ACCOUNT, List.of(), HASH);
    byte[] password = head.renderPassword();
    String acl = text(head.renderAcl());
    for (String bad : List.of("", acl + "topic write #\n", acl + acl, "topic read a\n")) {
      assertThatIllegalArgumentException().isThrownBy(() -> AccessHead.parse(utf8(bad), password));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessHead.parse(head.renderAcl(), utf8("")));
  }

  @Test
  void nobodysNameIsNoUsername() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Username(AccessHead.NOBODY));
    assertThat(PasswordHash.ofNobody(Samples.SALT_KEY)).isEqualTo(HASH);
  }

  @Provide
  Arbitrary<List<BridgeAccount>> bridges() {
    return Arbitraries.integers().between(1, 9).map(BRIDGES::ofAll);
  }

  @Provide
  Arbitrary<List<AclEntry>> entries() {
    return Samples.entries().list().ofMaxSize(6);
  }
}
