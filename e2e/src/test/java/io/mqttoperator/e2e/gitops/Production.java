package io.mqttoperator.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.ResourceVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** The example's production, kept by a tool, and the clone of the team that commits to it. */
record Production<T extends Tool>(Cluster cluster, Repository repository, T tool, Example example)
    implements AutoCloseable {

  /** So many pods has its broker. */
  static final int PODS = 3;

  static final String OVERLAY = "apps/production/mqtt/kustomization.yaml";
  static final String DEVICES = "apps/production/mqtt/devices.yaml";
  static final String ACLS = "apps/base/mqtt/acls.yaml";

  private static final String KINDS =
      "mqb,mqu,mqa,secrets,configmaps,services,endpoints,statefulsets,poddisruptionbudgets,"
          + "networkpolicies,serviceaccounts,persistentvolumeclaims,pods";

  private static final String METER_3 =
      """
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata:
        name: meter-3
        labels: {role: device}
      spec:
        brokerRef: {name: fleet}
      """;

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
    repository.write(DEVICES, repository.read(DEVICES) + METER_3);
  }

  /** Not yet committed. */
  void removeMeter2() {
    var devices = repository.read(DEVICES);
    repository.write(DEVICES, devices.substring(0, devices.indexOf("---\n")));
  }

  /** Its objects go before their namespace: in one that ends, Flux would wait for their health. */
  @Override
  public void close() {
    tool.close();
    cluster.kubectl().run("delete", "-f", manifest(), "--timeout=2m").orFail();
  }

  private String manifest() {
    return repository.folder().resolve(tool.manifest()).toString();
  }
}
