package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.Requirements;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The resources of a broker pod: those asked for, else those that its pods already have, else twice
 * what its connections need. A change of a connection limit must not restart a pod, so resources
 * are derived only once.
 */
final class PodResources {

  private static final long STEP = 64L * 1024 * 1024;
  private static final long SMALLEST_LIMIT = 256L * 1024 * 1024;
  private static final String MEMORY = "memory";

  private PodResources() {}

  static ResourceRequirements of(
      BrokerProfile profile, Requirements needs, Optional<StatefulSet> existing) {
    var asked = BrokerProfile.specOf(profile.broker()).resources();
    if (asked != null) {
      return asked;
    }
    return existing
        .map(set -> set.getSpec().getTemplate().getSpec().getContainers().getFirst())
        .map(container -> container.getResources())
        .filter(resources -> resources.getLimits() != null)
        .filter(resources -> Derived.isDerived(existing.orElseThrow()))
        .orElseGet(() -> derive(needs));
  }

  /** Whether resources in a pod template were derived by us. */
  static final class Derived {
    static final String ANNOTATION = "mqttoperator.io/derived-resources";

    private Derived() {}

    static boolean isDerived(StatefulSet set) {
      var annotations = set.getMetadata().getAnnotations();
      return annotations != null && annotations.containsKey(ANNOTATION);
    }
  }

  private static ResourceRequirements derive(Requirements needs) {
    var request = roundedUp(needs.memoryBytes());
    var limit = Math.max(SMALLEST_LIMIT, roundedUp(2 * needs.memoryBytes()));
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of(MEMORY, mebibytes(request), "cpu", new Quantity("50m")))
        .withLimits(Map.of(MEMORY, mebibytes(limit)))
        .build();
  }

  private static long roundedUp(long bytes) {
    return (bytes + STEP - 1) / STEP * STEP;
  }

  private static Quantity mebibytes(long bytes) {
    return new Quantity(bytes / (1024 * 1024) + "Mi");
  }

  /** The memory limit in bytes; empty: none. */
  static OptionalLong memoryLimit(ResourceRequirements resources) {
    var limits = resources.getLimits();
    if (limits == null || limits.get(MEMORY) == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        Quantity.getAmountInBytes(limits.get(MEMORY))
            .min(BigDecimal.valueOf(Long.MAX_VALUE))
            .longValue());
  }
}
