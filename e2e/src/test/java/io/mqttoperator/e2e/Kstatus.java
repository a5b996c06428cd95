package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;

/**
 * What tools that follow kstatus (Flux, Argo CD, Helm 4) make of a custom resource: the generic
 * rules of sigs.k8s.io/cli-utils, pkg/kstatus/status/generic.go. Without {@code Reconciling} and
 * {@code Stalled} they take it for current, whatever {@code Ready} says.
 */
enum Kstatus {
  IN_PROGRESS,
  FAILED,
  CURRENT,
  TERMINATING;

  static Kstatus of(GenericKubernetesResource resource) {
    var metadata = resource.getMetadata();
    if (metadata.getDeletionTimestamp() != null) {
      return TERMINATING;
    }
    Number observed = resource.get("status", "observedGeneration");
    if (observed != null && observed.longValue() != metadata.getGeneration()) {
      return IN_PROGRESS;
    }
    List<Map<String, Object>> conditions = resource.get("status", "conditions");
    for (var condition : conditions == null ? List.<Map<String, Object>>of() : conditions) {
      if ("True".equals(condition.get("status"))) {
        switch (String.valueOf(condition.get("type"))) {
          case "Reconciling" -> {
            return IN_PROGRESS;
          }
          case "Stalled" -> {
            return FAILED;
          }
          default -> {}
        }
      }
    }
    return CURRENT;
  }
}
