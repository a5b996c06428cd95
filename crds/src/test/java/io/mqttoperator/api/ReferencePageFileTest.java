package io.mqttoperator.api;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageFileTest {

  @Test
  void theCommittedPageIsThatOfTheDefinitions() throws IOException {
    new GeneratedFile(Path.of("../docs/reference.md"))
        .holds(ReferencePage.of(CustomResourceSchemas.generate().values()));
  }
}
