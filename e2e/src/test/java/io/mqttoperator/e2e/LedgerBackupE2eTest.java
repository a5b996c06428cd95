package io.mqttoperator.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose ledger has two Secrets, saved and restored with {@code examples/backup}. */
@OnCluster
final class LedgerBackupE2eTest {

  private static final String FIRST = "fleet-revocations";
  private static final String SECOND = "fleet-revocations-1";
  private static final String LEDGER = "certificates.gz";

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      spec:
        listeners:
        - {name: devices, port: 8885, authentication: Certificate}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: pump}
      spec: {brokerRef: {name: fleet}, certificate: {}}
      """;

  private final Cluster cluster;
  private final DocumentedCommands shell;

  LedgerBackupE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.shell = new DocumentedCommands(cluster, "");
  }

  /** As after thousands of devices: each Secret has one that is gone. */
  @BeforeAll
  void serve() throws IOException {
    store(FIRST, "shards 2", revoked("7a01", "gone-a"));
    store(SECOND, revoked("7a02", "gone-b"));
    cluster.applyAndAwait(BROKER);
  }

  private static String revoked(String serial, String name) {
    var end = Instant.now().plus(Duration.ofDays(30)).getEpochSecond();
    return "%s %s of-%s 1 %d revoked %d".formatted(serial, name, name, end, end - 4_000_000);
  }

  private void store(String name, String... lines) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(zipped)) {
      zip.write((String.join("\n", lines) + "\n").getBytes(US_ASCII));
    }
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(cluster.namespace())
                .withName(name)
                .addToLabels("app.kubernetes.io/managed-by", "mqtt-operator")
                .addToLabels("app.kubernetes.io/instance", "fleet")
                .addToLabels("mqttoperator.io/retained-for", "fleet")
                .endMetadata()
                .withData(Map.of(LEDGER, Base64.getEncoder().encodeToString(zipped.toByteArray())))
                .build())
        .create();
  }

  private List<String> lines(String name) throws IOException {
    try (var zip =
        new GZIPInputStream(new ByteArrayInputStream(cluster.secret(name).get(LEDGER)))) {
      return new String(zip.readAllBytes(), US_ASCII).lines().toList();
    }
  }

  private String script(String name, Path folder) throws IOException {
    return shell.run(
        "'%s' backup.json %s 2>&1"
            .formatted(Path.of("..", "examples", "backup", name).toRealPath(), cluster.namespace()),
        folder);
  }

  private String serial() {
    return new String(cluster.secret("pump-mqtt").get("tls.crt"), US_ASCII);
  }

  @Test
  void whatWasRevokedIsRevokedAfterwards(@TempDir Path folder) throws IOException {
    var before = serial();
    assertThat(script("save", folder)).startsWith("saved: ");
    cluster.delete("mqu", "pump");
    cluster.delete("mqb", "fleet");
    for (var secret : List.of("fleet-ca", FIRST, SECOND)) {
      cluster.delete("secret", secret);
    }

    assertThat(script("restore", folder)).contains("restored.");
    cluster.awaitReady("mqb", "fleet", Cluster.START_LIMIT);
    cluster.awaitReady("mqu", "pump", Cluster.APPLY_LIMIT);

    assertThat(serial()).isEqualTo(before);
    assertThat(lines(FIRST))
        .startsWith("shards 2")
        .anyMatch(line -> line.startsWith("7a01 gone-a"));
    assertThat(lines(SECOND)).anyMatch(line -> line.startsWith("7a02 gone-b"));
    assertThat(Stream.concat(lines(FIRST).stream(), lines(SECOND).stream()))
        .filteredOn(line -> line.contains(" pump "))
        .singleElement()
        .asString()
        .contains(" issued ");
  }

  @Test
  void aFileWithoutOneOfThemIsNoBackup(@TempDir Path folder) throws IOException {
    assertThat(script("save", folder)).startsWith("saved: ");
    for (var lost : List.of(SECOND, FIRST)) {
      var secret = cluster.client().secrets().inNamespace(cluster.namespace()).withName(lost);
      var kept = secret.get();
      secret.delete();
      assertThat(failing("save", folder)).contains(cluster.namespace() + "/" + lost + "\n");
      cluster.client().resource(again(kept)).create();
    }
    assertThat(script("save", folder)).startsWith("saved: ");
  }

  private String failing(String name, Path folder) throws IOException {
    return shell.run(
        "if '%s' backup.json %s 2>&1; then echo it was taken; exit 1; fi"
            .formatted(Path.of("..", "examples", "backup", name).toRealPath(), cluster.namespace()),
        folder);
  }

  private static Secret again(Secret kept) {
    return new SecretBuilder(kept)
        .editMetadata()
        .withResourceVersion(null)
        .withUid(null)
        .withManagedFields()
        .endMetadata()
        .build();
  }
}
