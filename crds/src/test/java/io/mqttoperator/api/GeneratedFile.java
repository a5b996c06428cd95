package io.mqttoperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A committed file that is made from the records. With {@code -Dcrds.write=true} it is written,
 * otherwise a difference fails the test.
 */
record GeneratedFile(Path path) {
  private static final String COMMAND = "mvn -pl crds test -Dtest='*FileTest' -Dcrds.write=true";

  void holds(String expected) throws IOException {
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, expected);
    }
    assertThat(path)
        .as("%s is made from the records of io.mqttoperator.api. Make it again: %s", path, COMMAND)
        .exists()
        .hasContent(expected);
  }
}
