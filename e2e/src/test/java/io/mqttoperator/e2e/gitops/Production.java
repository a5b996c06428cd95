package io.mqttoperator.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.mqttoperator.e2e.Cluster;
import java.nio.file.Path;
import java.util.Objects;

/** The example's production, kept by Flux, and the clone of the team that commits to it. */
record Production(Cluster cluster, Repository repository, Flux flux, Example example)
    implements AutoCloseable {

  /** So many pods has its broker. */
  static final int PODS = 3;

  static final String OVERLAY = "apps/production/mqtt/kustomization.yaml";
  static final String DEVICES = "apps/production/mqtt/devices.yaml";
  static final String ACLS = "apps/base/mqtt/acls.yaml";

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
  static Production in(Cluster cluster, Path clone) {
    var name = cluster.namespace() + ".git";
    return new Production(
        cluster,
        Repository.cloneOf(Path.of(property("e2e.gitops.repositories"), name), clone),
        new Flux(cluster),
        new Example(property("e2e.gitops.url") + "/" + name, cluster.namespace()));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name + ": run e2e/gitops/run");
  }

  /** From nothing. */
  void install() {
    repository.lay(example.files());
    var commit = repository.commit("Have a broker");
    cluster.kubectl().run("apply", "-f", whatFluxDoes()).orFail();
    awaitApplied(commit);
  }

  /** What a test has changed is as in the example again. */
  void restore() {
    repository.lay(example.files());
    if (repository.isChanged()) {
      flux.awaitApplied(repository.commit("Have it as in the example"));
    }
  }

  /**
   * Waits until Flux says so, and looks whether it was true at that very moment. Not for a commit
   * that removes something: Flux deletes it, and looks at the others before the operator has seen
   * that, which is no new generation of theirs.
   */
  Snapshot awaitApplied(String commit) {
    var snapshot = at(flux.awaitApplied(commit));
    assertThat(snapshot.unready()).as("what Flux calls Ready").isEmpty();
    return snapshot;
  }

  Snapshot at(GenericKubernetesResource version) {
    return Snapshot.at(cluster, version.getMetadata().getResourceVersion());
  }

  Doors doors() {
    return new Doors(cluster.broker("fleet"));
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

  /** Flux's objects go before their namespace: in one that ends, Flux would wait for their health. */
  @Override
  public void close() {
    flux.close();
    cluster.kubectl().run("delete", "-f", whatFluxDoes(), "--timeout=2m").orFail();
  }

  private String whatFluxDoes() {
    return repository.folder().resolve(Example.CLUSTER).toString();
  }
}
