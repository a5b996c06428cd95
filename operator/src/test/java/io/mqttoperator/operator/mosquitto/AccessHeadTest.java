package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.ACCOUNT;
import static io.mqttoperator.operator.mosquitto.Samples.HASH;
import static io.mqttoperator.operator.mosquitto.Samples.entry;
import static io.mqttoperator.operator.mosquitto.Samples.text;
import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AccessHeadTest {
  @Test
  void anonymousClientsComeBeforeTheOperatorsAccount() {
    var head = new AccessHead(ACCOUNT, List.of(entry(Right.READ, "public/#")), HASH);
    assertThat(text(head.renderAcl()))
        .isEqualTo(
            """
            topic read public/#
            user $mqtt-operator-00112233445566778899aabbccddeeff
            topic write $mqtt-operator/revision/@REVISION@
            topic read $SYS/#
            """);
    assertThat(text(head.renderPassword()))
        .isEqualTo("$mqtt-operator-nobody:" + HASH.value() + "\n");
  }

  @Property
  void isReadBackAsItWasMeant(@ForAll("entries") List<AclEntry> anonymous) {
    var head = new AccessHead(ACCOUNT, anonymous, HASH);
    assertThat(AccessHead.parse(head.renderAcl(), head.renderPassword())).isEqualTo(head);
    assertThat(MosquittoAcl.read(text(head.renderAcl())).get(ACCOUNT.value()))
        .containsExactly("write $mqtt-operator/revision/@REVISION@", "read $SYS/#");
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
  Arbitrary<List<AclEntry>> entries() {
    return Samples.entries().list().ofMaxSize(6);
  }
}
