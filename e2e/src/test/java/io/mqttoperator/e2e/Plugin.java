package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl mqtt}, asked by a ServiceAccount that is bound to the cluster's role {@code view}
 * in the test's namespace, and to nothing else.
 */
record Plugin(Cluster cluster, Path kubeconfig, String account) {

  /** As {@code cli/build} leaves it. */
  private static final Path PROGRAM = Path.of("../cli/target/kubectl-mqtt").toAbsolutePath();

  private static final String METRICS_READER = "mqtt-operator-metrics-reader";

  /** Makes the account. */
  static Plugin askedBy(String account, Cluster cluster, Path folder) throws IOException {
    assertThat(PROGRAM).as("cli/build makes it").isExecutable();
    var admin = cluster.kubectl();
    admin.run("create", "serviceaccount", account).orFail();
    var plugin = new Plugin(cluster, folder.resolve(account), account);
    admin
        .run("create", "rolebinding", account, "--clusterrole=view", plugin.serviceAccount())
        .orFail();
    var token = admin.run("create", "token", account).orFail().strip();
    Files.writeString(
        plugin.kubeconfig, admin.run("config", "view", "--minify", "--flatten").orFail());
    var own = plugin.kubectl();
    own.run("config", "set-credentials", account, "--token=" + token).orFail();
    own.run("config", "set-context", "--current", "--user=" + account).orFail();
    assertThat(own.run("get", "secrets").status()).as("no Secrets").isNotZero();
    return plugin;
  }

  private String serviceAccount() {
    return "--serviceaccount=" + cluster.namespace() + ":" + account;
  }

  private Kubectl kubectl() {
    return new Kubectl(kubeconfig, cluster.namespace());
  }

  /** Lets the account read the operator's metrics, too, until {@link #withdrawMetrics}. */
  void grantMetrics() {
    operators()
        .run("create", "rolebinding", binding(), "--role=" + METRICS_READER, serviceAccount())
        .orFail();
  }

  void withdrawMetrics() {
    operators().run("delete", "rolebinding", binding(), "--ignore-not-found").orFail();
  }

  private Kubectl operators() {
    return new Kubectl(cluster.kubeconfig(), Cluster.OPERATOR_NAMESPACE);
  }

  private String binding() {
    return cluster.namespace() + "-" + account;
  }

  Kubectl.Result ask(String... arguments) {
    var command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--namespace", cluster.namespace()));
    return Kubectl.run(kubeconfig, command, "");
  }
}
