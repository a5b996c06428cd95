package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.operator.testing.ServingPod;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A fleet and its first pod, once it is started: whatever happens, it is ended. */
final class FleetPod implements AutoCloseable {

  private final Fleet fleet;
  private @Nullable ServingPod pod;

  FleetPod(Fleet fleet) {
    this.fleet = fleet;
  }

  Fleet fleet() {
    return fleet;
  }

  ServingPod start() {
    var started = fleet.serve();
    pod = started;
    return started;
  }

  /** That a pod enforces what is stored: nobody is Ready, or gone, by a mistake. */
  void assertEnforces() {
    if (pod != null) {
      for (var file : new String[] {"password-0", "acl-0"}) {
        assertThat(Objects.requireNonNull(pod).file(file))
            .isEqualTo(fleet.value("fleet-files-0", file));
      }
      assertThat(fleet.status(MqttBrokerStatus::pods))
          .hasSize(1)
          .allSatisfy(
              proven ->
                  assertThat(proven.accessRevision())
                      .isEqualTo(fleet.value("fleet-files", "revision").strip()));
    }
  }

  @Override
  public void close() {
    if (pod != null) {
      pod.close();
    }
  }
}
