package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of Mosquitto, as they will be but for what is secret. */
class RenderTest {

  private static final Path GOLDEN = Run.RESOURCES.resolve("render.txt");

  @Test
  void rendersWhatTheOperatorWrites() throws IOException {
    var run = Run.of("render", Run.files("fleet"));
    assertThat(run.status()).isZero();
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(GOLDEN, run.out());
    }
    assertThat(run.out())
        .as("-Dgolden.rewrite=true writes it anew")
        .isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void leavesOutWhatIsSecret() {
    var out = Run.of("render", Run.files("fleet")).out();
    assertThat(out).contains("erin:$7$1000$(left out)", "alice:$7$1$(left out)");
    assertThat(out).doesNotContain("a-word-of-erins").doesNotContainPattern("[A-Za-z0-9+/]{60}");
  }

  @Test
  void writesOneFileEach(@TempDir Path folder) throws IOException {
    assertThat(Run.of("render", Run.files("fleet"), "-d", folder.toString()).status()).isZero();
    assertThat(Files.readString(folder.resolve("acl-0"))).contains("user alice\n");
    assertThat(folder.resolve("mosquitto.conf")).exists();
  }
}
