package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who owns which field of an object, by its managedFields.
 *
 * @param byManager the paths of the leaves, such as {@code f:spec/f:replicas}, of each manager
 */
record OwnedFields(Map<String, Set<String>> byManager) {

  static OwnedFields of(GenericKubernetesResource resource) {
    var byManager = new java.util.TreeMap<String, Set<String>>();
    for (var entry : resource.getMetadata().getManagedFields()) {
      var leaves = byManager.computeIfAbsent(entry.getManager(), manager -> new TreeSet<>());
      addLeaves("", entry.getFieldsV1().getAdditionalProperties(), leaves);
    }
    return new OwnedFields(byManager);
  }

  Set<String> of(String manager) {
    return byManager.getOrDefault(manager, new HashSet<>());
  }

  private static void addLeaves(String path, Map<?, ?> fields, Set<String> leaves) {
    if (fields.isEmpty()) {
      leaves.add(path);
    }
    fields.forEach(
        (name, below) -> {
          // "." is the map or the item itself, which several may own: each has fields of it.
          if (!".".equals(name) && below instanceof Map<?, ?> map) {
            addLeaves(path.isEmpty() ? "" + name : path + "/" + name, map, leaves);
          }
        });
  }
}
