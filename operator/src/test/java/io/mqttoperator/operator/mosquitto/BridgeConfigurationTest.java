package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BridgeConfigurationTest {
  private static final String HUB = "fleet-0.fleet-pods.plant.svc";
  private static final BridgeAccounts ACCOUNTS =
      new BridgeAccounts("ffeeddccbbaa99887766554433221100");
  private static final long BYTES = 64L << 20;

  /** The file that e2e/bridge/run gives to the real Mosquitto. */
  private static final Path TRIED =
      Path.of("src/test/resources/io/mqttoperator/operator/mosquitto/bridge.conf");

  @Test
  void rendersWhatIsTriedWithMosquitto() throws IOException {
    var configuration = new BridgeConfiguration(HUB, ACCOUNTS, 100_000, BYTES, 60);
    assertThat(text(configuration.render())).isEqualTo(Files.readString(TRIED));
  }

  @Test
  void eachLimitIsOneLine() {
    assertThat(text(new BridgeConfiguration(HUB, ACCOUNTS, 7, 1 << 20, 9).render()).lines())
        .contains("max_queued_messages 7", "max_queued_bytes 1048576", "autosave_interval 9");
  }

  @Test
  void refusesValuesOutOfRange() {
    for (String hub : List.of("", "fleet", "a b.svc", "a\nb.svc", "A.svc", "a..svc", "-a.svc")) {
      assertRefused(hub, 1, BYTES, 60);
    }
    assertRefused("a.".repeat(126) + "bcd", 1, BYTES, 60);
    assertRefused(HUB, 0, BYTES, 60);
    assertRefused(HUB, 1_000_001, BYTES, 60);
    assertRefused(HUB, 1, (1L << 20) - 1, 60);
    assertRefused(HUB, 1, (1L << 40) + 1, 60);
    assertRefused(HUB, 1, BYTES, 0);
    assertRefused(HUB, 1, BYTES, 86_401);
  }

  private static void assertRefused(String hub, int messages, long bytes, int autosave) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BridgeConfiguration(hub, ACCOUNTS, messages, bytes, autosave));
  }

  @Property
  void noHostAddsALine(@ForAll("hosts") String hub) {
    var usual = text(new BridgeConfiguration(HUB, ACCOUNTS, 1, BYTES, 60).render());
    try {
      var configuration = new BridgeConfiguration(hub + ".svc", ACCOUNTS, 1, BYTES, 60);
      assertThat(text(configuration.render()).lines()).hasSize((int) usual.lines().count());
    } catch (IllegalArgumentException refused) {
      assertThat(hub).doesNotMatch("[a-z0-9]{1,63}");
    }
  }

  @Provide
  Arbitrary<String> hosts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(63),
        Arbitraries.strings().withChars("a0.-_ \n\r\t#").ofMaxLength(12));
  }

  @Test
  void eachPodButTheHubHasAnAccount() {
    assertThat(ACCOUNTS.ofAll(1)).isEmpty();
    assertThat(ACCOUNTS.ofAll(9))
        .hasSize(8)
        .first()
        .hasToString("$mqtt-bridge-ffeeddccbbaa99887766554433221100-1");
    assertThat(Set.copyOf(ACCOUNTS.ofAll(9))).hasSize(8);
    var random = new SecureRandom();
    assertThat(BridgeAccounts.random(random)).isNotEqualTo(BridgeAccounts.random(random));
  }

  @Test
  void aBridgesNameIsNoOtherName() {
    for (int ordinal : new int[] {-1, 0, 9, 10}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ACCOUNTS.of(ordinal));
    }
    for (String bad : List.of("", "g".repeat(32), "0".repeat(31), "F".repeat(32), "0\n")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new BridgeAccounts(bad));
    }
    String name = ACCOUNTS.of(1).value();
    assertThatIllegalArgumentException().isThrownBy(() -> new Username(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new OperatorAccount(name));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BridgeAccount("$mqtt-operator-" + "0".repeat(32)));
  }

  @Test
  void aStarIsGivenTimeToBeSaved() {
    assertThat(text(BridgeJoin.of("0f-1", 60).render())).isEqualTo("0f-1 90\n");
    for (String star : List.of("", " ", "a b", "a\n", "-a", "a".repeat(64))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new BridgeJoin(star, 1));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new BridgeJoin("a", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new BridgeJoin("a", 100_001));
    assertThat(BridgeConfiguration.certificateFile(3)).isEqualTo("bridge-3.crt");
    assertThat(BridgeConfiguration.keyFile(3)).isEqualTo("bridge-3.key");
  }
}
