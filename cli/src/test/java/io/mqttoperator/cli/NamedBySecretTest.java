package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users whose names are in Secrets, which may be in the files or not. */
class NamedBySecretTest {

  private static final String FILES = Run.files("named");

  @TempDir Path folder;

  @Test
  void aNameInAFileIsUsed() {
    var files = Run.of("render", FILES).out();
    assertThat(files)
        .contains("user v-gateway-7\n", "topic write up/v-gateway-7\n")
        .contains("v-gateway-7:$7$1000$(left out)");
    assertThat(files).doesNotContain("meter");
    assertThat(Run.of("can", "gateway", "publish", "up/v-gateway-7", "-f", FILES).status())
        .isZero();
    assertThat(Run.of("can", "v-gateway-7", "publish", "up/v-gateway-7", "-f", FILES).status())
        .isZero();
    assertThat(Run.of("can", "gateway", "publish", "up/gateway", "-f", FILES).status())
        .isEqualTo(1);
  }

  @Test
  void aNameThatIsNotThereIsSaidToBeUnknown() {
    assertThat(Run.of("check", FILES).out()).isEqualTo("4 resources, 0 errors, 0 warnings\n");
    var answer = Run.of("can", "meter", "publish", "up/meter", "-f", FILES);
    assertThat(answer.out())
        .startsWith("unknown")
        .contains("MqttUser meter: its username is in a Secret");
  }

  @ParameterizedTest
  @CsvSource({
    "v-gateway-7, v/gateway, Invalid",
    "v-gateway-7, meter, UsernameConflict",
    "username: v-gateway-7, other: x, SecretKeyMissing",
    "usernameKey: username}}, usernameKey: user.password}}, Schema"
  })
  void whatTheOperatorWouldRefuseIsFound(String good, String bad, String rule) throws IOException {
    var text = Files.readString(Path.of(FILES, "all.yaml"));
    var plain = text.replace("{name: elsewhere, usernameKey: username}", "{name: gateways}");
    var file = folder.resolve("all.yaml");
    Files.writeString(file, plain.replace(good, bad));
    var run = Run.of("check", file.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("[" + rule + "]").doesNotContain("v/gateway");
  }
}
