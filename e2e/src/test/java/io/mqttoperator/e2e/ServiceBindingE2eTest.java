package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A workload of {@code examples/service-binding/} that knows nothing but its binding. */
@OnCluster
final class ServiceBindingE2eTest {

  private final Cluster cluster;

  ServiceBindingE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aWorkloadConnectsByWhatItsBindingSays() {
    Example.of(cluster, "service-binding/workload.yaml").apply(cluster);

    cluster
        .kubectl()
        .run("wait", "--for=condition=Complete", "job/report", "--timeout=3m")
        .orFail();

    assertThat(cluster.kubectl().run("logs", "job/report").orFail()).contains("all is well");
    // Where a controller of Service Bindings looks.
    assertThat(
            cluster
                .kubectl()
                .run("get", "mqu", "report", "-o", "jsonpath={.status.binding.name}")
                .orFail())
        .isEqualTo("report-mqtt");
  }
}
