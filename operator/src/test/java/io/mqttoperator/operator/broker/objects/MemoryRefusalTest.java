package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.Requirements;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod cannot hold is refused, with the arithmetic. */
class MemoryRefusalTest {

  private static final String POD = "resources: {limits: {memory: 256Mi}}\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits: {maxQueuedMessages: 1000000, maxInflightMessages: 65535}",
        "limits: {maxQueuedBytes: 100000}",
        "limits: {maxPacketSize: 10000000}",
        "limits: {memory: 128Mi}",
        "limits: {memory: 128Mi, maxQueuedBytes: 2147483647}"
      })
  void whatFitsIsNotRefused(String limits) {
    assertThat(refusal(POD + limits)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits: {maxQueuedBytes: 1000000}",
        "limits: {maxInflightBytes: 1000000}",
        "limits: {maxPacketSize: 100000000}",
        "limits: {memory: 200Mi}"
      })
  void whatThePodCannotHoldIs(String limits) {
    var refusal = refusal(POD + limits).orElseThrow();
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refusal.message())
        .startsWith("The pod's memory limit is 268435456 bytes")
        .contains("spec.limits", "resources.limits.memory", "bytes of memory: 33554432");
  }

  @Test
  void aHeapThatHoldsNoMoreThanTheConnectionsIs() {
    assertThat(refusal("limits: {memory: 8Mi}").orElseThrow().message())
        .startsWith("spec.limits.memory is 8388608 bytes, but the broker needs 10813440")
        .endsWith("Raise it, or lower maxConnections.");
    assertThat(
            refusal(
                "{limits: {memory: 8Mi}, listeners: [{name: a, port: 1883, maxConnections: 100}]}"))
        .isEmpty();
  }

  /** Where resources are not asked for, they are made to fit. */
  @Test
  void derivedResourcesHoldWhatIsPromised() {
    assertThat(refusal("limits: {maxQueuedBytes: 1000000}")).isEmpty();
    assertThat(refusal("limits: {memory: 1Gi}")).isEmpty();
  }

  private static Optional<Verdict> refusal(String spec) {
    var profile = Samples.profileWith(spec);
    return WorkloadPass.refuse(
        profile, Requirements.of(profile.configuration(), 0), Samples.nothing());
  }
}
