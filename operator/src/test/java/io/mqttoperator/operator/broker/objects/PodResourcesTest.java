package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.MessageMemory;
import io.mqttoperator.operator.mosquitto.Requirements;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PodResourcesTest {

  private static final BrokerProfile DERIVED = Samples.defaults();
  private static final BrokerProfile ASKED =
      Samples.profileWith("resources: {limits: {memory: 1G}}");

  @Property
  void derivedOnesHoldWhatTheConnectionsNeed(
      @ForAll @IntRange(min = 16, max = 16_000_000) int connections,
      @ForAll @LongRange(max = 24_000_000) long accessBytes) {
    var needs = new Requirements(connections, connections, 2, accessBytes, MessageMemory.NONE);
    var resources = PodResources.of(DERIVED, needs, Optional.empty());
    assertThat(bytes(resources.getRequests())).isGreaterThanOrEqualTo(needs.memoryBytes());
    assertThat(PodResources.memoryLimit(resources).orElseThrow())
        .isGreaterThanOrEqualTo(2 * needs.memoryBytes())
        .isGreaterThanOrEqualTo(256L * 1024 * 1024);
  }

  @Test
  void thoseAskedForAreTaken() {
    var resources = PodResources.of(ASKED, needs(1_000_000), Optional.empty());
    assertThat(PodResources.memoryLimit(resources)).hasValue(1_000_000_000);
  }

  /** A change of a connection limit restarts no pod. */
  @Test
  void derivedOnesStayWhenNeedsChange() {
    var first = PodResources.of(DERIVED, needs(1000), Optional.empty());
    var set = new WorkloadBlueprint(DERIVED, first).statefulSet(0);
    assertThat(PodResources.of(DERIVED, needs(100_000), Optional.of(set))).isEqualTo(first);
    assertThat(PodResources.of(DERIVED, needs(100_000), Optional.empty())).isNotEqualTo(first);
  }

  @Test
  void onesThatAreNoLongerAskedForAreDerived() {
    var asked = PodResources.of(ASKED, needs(1000), Optional.empty());
    var set = new WorkloadBlueprint(ASKED, asked).statefulSet(0);
    assertThat(PodResources.of(DERIVED, needs(1000), Optional.of(set)))
        .isEqualTo(PodResources.of(DERIVED, needs(1000), Optional.empty()));
  }

  @Test
  void withoutALimitThereIsNone() {
    assertThat(PodResources.memoryLimit(new ResourceRequirements()))
        .isEqualTo(OptionalLong.empty());
  }

  private static Requirements needs(int connections) {
    return new Requirements(connections, connections, 2, 0, MessageMemory.NONE);
  }

  private static long bytes(Map<String, Quantity> quantities) {
    return Quantity.getAmountInBytes(quantities.getOrDefault("memory", new Quantity("0")))
        .longValueExact();
  }
}
