package io.mqttoperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CustomResourceDefinitionFileTest {

  @Test
  void theCommittedDefinitionsAreThoseOfTheRecords() throws IOException {
    var definitions = CustomResourceSchemas.generate();
    assertThat(definitions).hasSize(3);
    for (var definition : definitions.entrySet()) {
      new GeneratedFile(Path.of("src/main/resources/crds", definition.getKey() + ".yaml"))
          .holds(CustomResourceSchemas.yaml(definition.getValue()));
    }
  }
}
