package io.mqttoperator.cli;

import io.mqttoperator.cli.moving.LeftOver;
import io.mqttoperator.cli.moving.ManifestYaml;
import io.mqttoperator.cli.moving.Move;
import io.mqttoperator.cli.moving.MoveSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An existing Mosquitto as resources. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Makes manifests of an existing Mosquitto's mosquitto.conf, password file and ACL file.",
      "Nobody may do more than before. What cannot be carried over is listed on the standard error,",
      "each with the reason and what to do. Looks in no cluster."
    })
final class ImportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "mosquitto.conf.")
  private Path file = Path.of("mosquitto.conf");

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "In place of the one that mosquitto.conf names.")
  private @Nullable Path passwords;

  @Option(
      names = "--acl-file",
      paramLabel = "FILE",
      description = "In place of the one that mosquitto.conf names.")
  private @Nullable Path acl;

  @Option(
      names = "--psk-file",
      paramLabel = "FILE",
      description = "In place of the one that mosquitto.conf names.")
  private @Nullable Path keys;

  @Option(
      names = "--root",
      paramLabel = "DIRECTORY",
      description = "Below which the absolute paths in mosquitto.conf are looked for.")
  private @Nullable Path root;

  @Option(
      names = "--listener",
      paramLabel = "PORT",
      description = "Only the listener at this port. May be given several times.")
  private Set<Integer> listeners = Set.of();

  @Option(
      names = {"-b", "--broker"},
      paramLabel = "NAME",
      description = "The MqttBroker's name. Default: mosquitto.")
  private String broker = "mosquitto";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Written into each resource. Default: none, so that kubectl decides.")
  private @Nullable String namespace;

  @Option(
      names = "--new-passwords",
      description =
          "Users whose hash or key cannot be taken get a generated one, and are not left out.")
  private boolean newPasswords;

  @Option(
      names = "--secrets",
      paramLabel = "WHERE",
      description = {
        "with: among the other resources, although they hold hashes of passwords and keys.",
        "without: nowhere. Default: with, but not on a terminal."
      })
  private @Nullable Secrets secrets;

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIRECTORY",
      description = "Write files there, those with hashes for yourself alone.")
  private @Nullable Path directory;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text: YAML, and the list on the standard error. json: all in one.")
  private Output output = Output.TEXT;

  @Option(names = "--strict", description = "Exit with 1 if anything is left out.")
  private boolean strict;

  @Spec private @Nullable CommandSpec command;

  /** Whether the Secrets are written. */
  enum Secrets {
    WITH,
    WITHOUT
  }

  @Override
  public Integer call() throws IOException {
    var moved =
        Move.of(
            file,
            new MoveSettings(
                broker,
                Optional.ofNullable(namespace),
                listeners,
                Optional.ofNullable(passwords),
                Optional.ofNullable(acl),
                Optional.ofNullable(keys),
                Optional.ofNullable(root),
                newPasswords));
    var report = new ImportReport(moved, withSecrets());
    var files = directory == null ? List.<Path>of() : report.write(directory);
    if (output == Output.JSON) {
      out(report.json(files, directory == null).toPrettyString() + System.lineSeparator());
    } else {
      out(directory == null ? ManifestYaml.of(report.resources()) : ImportReport.lines(files));
      report.lines().forEach(Objects.requireNonNull(command).commandLine().getErr()::println);
    }
    return strict && moved.count(LeftOver.Fate.LEFT_OUT) > 0 ? KubectlMqtt.NO : KubectlMqtt.YES;
  }

  /** On a terminal, and in what it keeps of its lines, hashes are shown to those who ask only. */
  private boolean withSecrets() {
    return secrets == null
        ? directory != null || !Boolean.getBoolean(KubectlMqtt.TERMINAL)
        : secrets == Secrets.WITH;
  }

  private void out(String text) {
    var out = Objects.requireNonNull(command).commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
