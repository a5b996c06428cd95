package io.mqttoperator.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.source.ManifestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about a change, as far as it is known what was there before. */
class ChangeRulesTest {

  private static final String USER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: alice}
      spec: {SPEC}
      """;

  @TempDir Path folder;

  private Optional<ObjectNode> read(String spec) throws IOException {
    return Optional.of(manifests("before.yaml", spec).manifests().getFirst().content());
  }

  private ManifestFiles manifests(String name, String spec) throws IOException {
    var file = folder.resolve(name);
    Files.writeString(file, USER.replace("SPEC", spec));
    return ManifestFiles.read(List.of(file.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          brokerRef: {name: a}                  | brokerRef: {name: a}                  | ''
          brokerRef: {name: a}                  | brokerRef: {name: a}, disabled: true  | ''
          brokerRef: {name: a}                  | brokerRef: {name: b}                  | spec.brokerRef
          brokerRef: {name: a}                  | brokerRef: {name: a}, username: ann   | spec.username
          brokerRef: {name: a}, username: ann   | brokerRef: {name: a}                  | spec.username
          brokerRef: {name: a}, password: {secretRef: {name: s}} | brokerRef: {name: a}, password: {secretRef: {name: s, usernameKey: user}} | spec.password
          """)
  void aForbiddenChangeIsFound(String before, String after, String field) throws IOException {
    var there = read(before);
    var files = manifests("after.yaml", after);
    assertThat(ManifestCheck.of(files, manifest -> Optional.empty()).findings()).isEmpty();
    var findings = ManifestCheck.of(files, manifest -> there).findings();
    if (field.isEmpty()) {
      assertThat(findings).isEmpty();
    } else {
      assertThat(findings)
          .singleElement()
          .satisfies(
              finding ->
                  assertThat(finding.message()).startsWith(field + ": ").contains("delete this"));
    }
  }
}
