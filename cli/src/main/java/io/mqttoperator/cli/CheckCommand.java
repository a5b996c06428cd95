package io.mqttoperator.cli;

import io.mqttoperator.cli.check.Level;
import io.mqttoperator.cli.check.Report;
import io.mqttoperator.cli.source.ClusterResources;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.cli.source.ManifestFiles;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is wrong with these files? */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks manifests before they are applied: form, the operator's own rules, references.",
      "Exits with 0 if there is no error, else 1. Looks in no cluster but with --against-cluster."
    })
final class CheckCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files, folders with all below them, or -.")
  private List<String> files = List.of();

  @Mixin private SourceOptions.ClusterOptions cluster = new SourceOptions.ClusterOptions();

  @Option(
      names = "--against-cluster",
      description = "Takes what the cluster has into account, and says what would change there.")
  private boolean againstCluster;

  @Option(names = "--strict", description = "Warnings count as errors do.")
  private boolean strict;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, json, sarif or junit. Default: text.")
  private Report.Format format = Report.Format.TEXT;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws IOException {
    var looksThere = againstCluster || cluster.namesCluster();
    var namespace = looksThere ? cluster.namespace() : cluster.offlineNamespace();
    var manifests = ManifestFiles.read(files);
    var result = new Checker(namespace).check(manifests, there(looksThere, namespace, manifests));
    var out = Objects.requireNonNull(command).commandLine().getOut();
    out.print(format.report().of(result));
    out.flush();
    return result.count(Level.ERROR) > 0 || (strict && result.count(Level.WARNING) > 0)
        ? KubectlMqtt.NO
        : KubectlMqtt.YES;
  }

  private Optional<Inventory> there(boolean looksThere, String namespace, ManifestFiles manifests) {
    if (!looksThere) {
      return Optional.empty();
    }
    var namespaces =
        manifests.manifests().stream()
            .map(manifest -> manifest.namespace().orElse(namespace))
            .collect(java.util.stream.Collectors.toSet());
    try (var client = cluster.connect()) {
      return Optional.of(ClusterResources.read(client, Set.copyOf(namespaces), true));
    }
  }
}
