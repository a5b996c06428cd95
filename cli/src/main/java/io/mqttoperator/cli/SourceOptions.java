package io.mqttoperator.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mqttoperator.cli.source.ClusterResources;
import io.mqttoperator.cli.source.FileResources;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.cli.source.ManifestFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a command looks: in files, then in no cluster; else in a cluster, as kubectl does. */
final class SourceOptions {

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "A file, a folder with all below it, or -: answers from these and no cluster.")
  private List<String> files = List.of();

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  /** Files that a command names without {@code -f}. */
  void add(List<String> named) {
    var all = new ArrayList<>(files);
    all.addAll(named);
    files = all;
  }

  boolean isOffline() {
    return !files.isEmpty();
  }

  /** The namespace that the command is about. */
  String namespace() {
    return isOffline() ? cluster.offlineNamespace() : cluster.namespace();
  }

  /** Whether the user has named it. */
  boolean namesNamespace() {
    return cluster.asked().isPresent();
  }

  /**
   * Reads the resources.
   *
   * @param everywhere also other namespaces than the one that the command is about
   */
  Inventory read(boolean everywhere) throws IOException {
    if (!isOffline()) {
      try (var client = cluster.connect()) {
        return ClusterResources.read(client, Set.of(cluster.namespace()), everywhere);
      }
    }
    var read = ManifestFiles.read(files);
    var found = FileResources.of(read.manifests(), cluster.offlineNamespace());
    var notes = new ArrayList<>(found.notes());
    read.problems().forEach(problem -> notes.add(problem.toString()));
    return found.with(notes);
  }

  /** The options of kubectl that say which cluster. */
  static final class ClusterOptions {

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NAMESPACE",
        description = "Of the resources; in files: of those that name none.")
    private @Nullable String namespace;

    @Option(
        names = "--context",
        paramLabel = "NAME",
        description = "The context of the kubeconfig to use.")
    private @Nullable String context;

    @Option(
        names = "--kubeconfig",
        paramLabel = "FILE",
        description = "The kubeconfig to use; else $KUBECONFIG, else ~/.kube/config.")
    private @Nullable String kubeconfig;

    private @Nullable Config config;

    Optional<String> asked() {
      return Optional.ofNullable(namespace);
    }

    boolean namesCluster() {
      return context != null || kubeconfig != null;
    }

    /** Without asking the kubeconfig, which is the matter of a cluster. */
    String offlineNamespace() {
      return asked().orElse("default");
    }

    String namespace() {
      return asked().or(() -> Optional.ofNullable(config().getNamespace())).orElse("default");
    }

    KubernetesClient connect() {
      return new KubernetesClientBuilder().withConfig(config()).build();
    }

    private Config config() {
      if (config == null) {
        if (kubeconfig != null) {
          System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig);
        }
        config = Config.autoConfigure(context);
        config.setClientKeyAlgo(ClientKey.algorithm(config));
      }
      return config;
    }
  }
}
