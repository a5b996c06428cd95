package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that explains conditions to users, and the reasons that there are. */
class ReasonPageTest {

  private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|");

  @Test
  void explainsEachReasonAndNoOther() throws IOException {
    var page = Files.readString(Path.of("../docs/conditions.md"));
    var reasons = page.substring(page.indexOf("## Reasons"));

    assertThat(FIRST_CELL.matcher(reasons).results().map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(Reason::text).toList());
  }
}
