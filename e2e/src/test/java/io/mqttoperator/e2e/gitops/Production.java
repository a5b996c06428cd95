package io.mqttoperator.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.ResourceVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The example's production, kept by a tool, and the clone of the team that commits to it. */
record Production<T extends Tool>(Cluster cluster, Repository repository, T tool, Example example)
    implements AutoCloseable {

  /** So many pods has its broker. */
  static final int PODS = 3;

  private static final String BASE = "apps/base/mqtt/kustomization.yaml";
  static final String OVERLAY = "apps/production/mqtt/kustomization.yaml";
  static final String DEVICES = "apps/production/mqtt/devices.yaml";
  static final String ACLS = "apps/base/mqtt/acls.yaml";

  /** In the overlay; without it the API server lets the broker go. */
  private static final String PROTECTION =
      "        annotations: {mqttoperator.io/deletion-protection: \"true\"}\n";

  private static final Duration GONE = Duration.ofMinutes(2);

  private static final String KINDS =
      "mqb,mqu,mqa,secrets,configmaps,services,endpoints,statefulsets,poddisruptionbudgets,"
          + "networkpolicies,serviceaccounts,persistentvolumeclaims,pods";

  /** With a repository of its own. */
  static <T extends Tool> Production<T> under(T tool, Cluster cluster, Path clone) {
    var name = cluster.namespace() + ".git";
    return new Production<>(
        cluster,
        Repository.cloneOf(Path.of(property("e2e.gitops.repositories"), name), clone),
        tool,
        new Example(property("e2e.gitops.url") + "/" + name, cluster.namespace()));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name + ": run e2e/gitops/run");
  }

  /** From nothing. */
  void install() {
    repository.lay(example.files());
    var commit = repository.commit("Have a broker");
    cluster.kubectl().run("apply", "-f", manifest()).orFail();
    awaitApplied(commit);
  }

  /** What a test has changed is as in the example again. */
  void restore() {
    repository.lay(example.files());
    if (repository.isChanged()) {
      tool.awaitApplied(repository.commit("Have it as in the example"));
    }
  }

  /**
   * Waits until the tool says so, and looks whether it was true at that very moment. Not for a
   * commit that removes something: the tool deletes it, and looks at the others before the operator
   * has seen that, which is no new generation of theirs.
   */
  Snapshot awaitApplied(String commit) {
    var snapshot = at(tool.awaitApplied(commit));
    assertThat(snapshot.unready()).as("what is called Ready").isEmpty();
    return snapshot;
  }

  Snapshot at(GenericKubernetesResource version) {
    return Snapshot.at(cluster, version.getMetadata().getResourceVersion());
  }

  Doors doors() {
    return new Doors(cluster.broker("fleet"));
  }

  /**
   * Waits for a minute in which no object of the broker is written, not even its status; one that
   * is rewritten by turns never has any. Returns the names of what was looked at.
   */
  Set<String> awaitQuietMinute() {
    var last = new AtomicReference<>(ResourceVersions.of(cluster, KINDS));
    Awaitility.await("a minute without a write")
        .pollInterval(Duration.ofSeconds(2))
        .during(Duration.ofMinutes(1))
        .atMost(Duration.ofMinutes(4))
        .until(
            () -> {
              var now = ResourceVersions.of(cluster, KINDS);
              return now.equals(last.getAndSet(now));
            });
    return ResourceVersions.of(cluster, KINDS).keySet();
  }

  /** Not yet committed. */
  void addMeter3() {
    addMeter3("");
  }

  /**
   * Not yet committed.
   *
   * @param more of its spec, such as {@code certificate: {}}
   */
  void addMeter3(String more) {
    var meter3 =
        """
        ---
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata:
          name: meter-3
          labels: {role: device}
        spec:
          brokerRef: {name: fleet}
          %s
        """
            .formatted(more);
    repository.write(DEVICES, repository.read(DEVICES) + meter3);
  }

  /** Not yet committed. */
  void removeMeter2() {
    var devices = repository.read(DEVICES);
    repository.write(DEVICES, devices.substring(0, devices.indexOf("---\n")));
  }

  /** Devices publish readings instead. Not yet committed. */
  void renameTelemetry() {
    repository.replace(ACLS, "devices/{username}/telemetry", "devices/{username}/readings");
  }

  /** The operator refuses so little. Not yet committed. */
  void saveTooMuchMemory() {
    repository.replace(
        OVERLAY, "replicas: 3", "replicas: 3\n        resources: {limits: {memory: 16Mi}}");
  }

  /** Not yet committed. */
  void allowRemoval() {
    repository.replace(OVERLAY, PROTECTION, "");
  }

  /** And leaves its users and ACLs. Not yet committed. */
  void removeTheBroker() {
    repository.replace(BASE, "  - broker.yaml\n", "");
    var overlay = repository.read(OVERLAY);
    repository.write(OVERLAY, overlay.substring(0, overlay.indexOf("patches:")));
  }

  /** Not yet committed. */
  void removeAllButTheNamespace() {
    removeTheBroker();
    repository.replace(BASE, "  - users.yaml\n  - acls.yaml\n", "");
    repository.replace(OVERLAY, "  - devices.yaml\n", "");
  }

  /** Waits until broker, users, ACLs and pods are. */
  void awaitGone() {
    Awaitility.await("broker, users and ACLs are gone")
        .atMost(GONE)
        .until(() -> ResourceVersions.of(cluster, "mqb,mqu,mqa").isEmpty());
    Awaitility.await("the pods are gone")
        .atMost(GONE)
        .until(() -> doors().broker().pods().isEmpty());
  }

  /** The CA, what it has revoked, and the volumes, by their UIDs. */
  Map<String, String> retained() {
    return ResourceVersions.of(cluster, "secrets,pvc").entrySet().stream()
        .filter(
            entry ->
                entry.getKey().matches("Secret/fleet-(ca|revocations)|PersistentVolumeClaim/.*"))
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().split(":", 2)[0]));
  }

  /** Its objects go before their namespace: in one that ends, Flux would wait for their health. */
  @Override
  public void close() {
    tool.close();
    cluster
        .kubectl()
        .run("delete", "-f", manifest(), "--timeout=2m", "--ignore-not-found")
        .orFail();
  }

  /** The file that tells the tool what to do. */
  String manifest() {
    return repository.folder().resolve(tool.manifest()).toString();
  }
}
