package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The operator itself, as Helm has installed it. Who changes it disturbs every other test. */
public record Installation(Cluster cluster) {

  private static final String NAME = "mqtt-operator";
  private static final String DEPLOYMENT = "deploy/" + NAME;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Kubectl kubectl() {
    return new Kubectl(cluster.kubeconfig(), Cluster.OPERATOR_NAMESPACE);
  }

  /** Runs Helm on the operator's release. */
  public String helm(String... arguments) {
    var command = new ArrayList<>(List.of(helmBinary(), "--namespace", Cluster.OPERATOR_NAMESPACE));
    command.addAll(List.of(arguments));
    return Kubectl.run(cluster.kubeconfig(), command, "").orFail();
  }

  private static String helmBinary() {
    var cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache"));
    var built = cache.resolve("mqtt-operator/bin/helm");
    return System.getProperty("e2e.helm", Files.isExecutable(built) ? built.toString() : "helm");
  }

  /** The chart of this repository. */
  public static String chart() {
    return System.getProperty("e2e.chart", "../helm/mqtt-operator");
  }

  void upgradeWithTheSameValues() {
    helm("upgrade", NAME, chart(), "--reuse-values", "--wait", "--timeout", "90s");
  }

  String values() {
    return helm("get", "values", NAME, "--output", "yaml");
  }

  /** The same values for one namespace alone, with no right outside it. */
  void installIn(String namespace, Path values) {
    Kubectl.run(
            cluster.kubeconfig(),
            List.of(
                helmBinary(),
                "install",
                "own",
                chart(),
                "--namespace",
                namespace,
                "--values",
                values.toString(),
                "--set",
                "watch.own=true,crds.install=false,admissionPolicy.enabled=false",
                "--set",
                "rbac.aggregateToUserRoles=false",
                "--wait",
                "--timeout",
                "90s"),
            "")
        .orFail();
  }

  void uninstallFrom(String namespace) {
    Kubectl.run(
            cluster.kubeconfig(),
            List.of(helmBinary(), "uninstall", "own", "--namespace", namespace, "--wait"),
            "")
        .orFail();
  }

  /** What one of its pods answers to a GET. */
  String get(String pod, String path) {
    return kubectl()
        .run(
            "get",
            "--raw",
            "/api/v1/namespaces/%s/pods/%s:8080/proxy%s"
                .formatted(Cluster.OPERATOR_NAMESPACE, pod, path))
        .orFail();
  }

  String log(String pod) {
    return kubectl().run("logs", pod).orFail();
  }

  void uninstall() {
    helm("uninstall", NAME, "--wait", "--timeout", "4m");
  }

  void install(Path values) {
    helm("install", NAME, chart(), "--values", values.toString(), "--wait", "--timeout", "90s");
  }

  void restart() {
    kubectl().run("rollout", "restart", DEPLOYMENT).orFail();
    awaitRollout();
  }

  /** Returns when so many pods are available, and no others run. */
  public void scale(int replicas) {
    kubectl().run("scale", DEPLOYMENT, "--replicas=" + replicas).orFail();
    awaitRollout();
  }

  /** So many pods are asked for. */
  int replicas() {
    var deployment =
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(Cluster.OPERATOR_NAMESPACE)
            .withName(NAME)
            .require();
    return deployment.getSpec().getReplicas();
  }

  /** None of its pods runs meanwhile; then as many as before do, and one of them leads. */
  public void stopWhile(Runnable meanwhile) {
    var before = replicas();
    scale(0);
    try {
      meanwhile.run();
    } finally {
      scale(before);
      awaitLeader();
    }
  }

  public void awaitRollout() {
    kubectl().run("rollout", "status", DEPLOYMENT, "--timeout=" + LIMIT.toSeconds() + "s").orFail();
    Awaitility.await("the end of the pods that were replaced")
        .atMost(LIMIT)
        .until(() -> pods().stream().allMatch(pod -> isLasting(pod)));
  }

  private static boolean isLasting(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null;
  }

  public List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(Cluster.OPERATOR_NAMESPACE)
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems();
  }

  /**
   * Host and port of each one's {@code /metrics}. Behind the Service a connection stays with one,
   * which may be one that stands by and tells nothing of brokers.
   */
  public List<String> metrics() {
    return pods().stream().map(pod -> pod.getStatus().getPodIP() + ":8080").toList();
  }

  /** The pod that works; the others stand by. */
  public String leader() {
    var lease =
        cluster.client().leases().inNamespace(Cluster.OPERATOR_NAMESPACE).withName(NAME).require();
    return Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
  }

  /** Returns when one of the pods that there are now holds the lease. */
  public void awaitLeader() {
    Awaitility.await("a leader")
        .atMost(LIMIT)
        .until(() -> pods().stream().anyMatch(pod -> pod.getMetadata().getName().equals(leader())));
  }

  /** Has a pod end as an upgrade does. */
  void end(String pod) {
    kubectl().run("delete", "pod/" + pod, "--wait=false").orFail();
  }

  /** Ends a pod at once: it cannot give up its lease. */
  public void kill(String pod) {
    kubectl().run("delete", "pod/" + pod, "--force", "--grace-period=0").orFail();
  }
}
