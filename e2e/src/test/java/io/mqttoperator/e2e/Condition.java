package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One condition of a custom resource's status. */
public record Condition(
    String type, String status, String reason, String message, long observedGeneration) {

  public static Optional<Condition> of(GenericKubernetesResource resource, String type) {
    List<Map<String, Object>> conditions = resource.get("status", "conditions");
    return conditions == null
        ? Optional.empty()
        : conditions.stream()
            .filter(condition -> type.equals(condition.get("type")))
            .findFirst()
            .map(Condition::of);
  }

  private static Condition of(Map<String, Object> condition) {
    return new Condition(
        text(condition, "type"),
        text(condition, "status"),
        text(condition, "reason"),
        text(condition, "message"),
        ((Number) condition.getOrDefault("observedGeneration", -1)).longValue());
  }

  private static String text(Map<String, Object> condition, String key) {
    return String.valueOf(condition.get(key));
  }
}
