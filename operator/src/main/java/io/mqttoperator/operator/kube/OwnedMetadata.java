package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The labels and annotations of an object that we set, as its {@code managedFields} tell: of these,
 * what is no longer wanted goes; those of others stay.
 */
record OwnedMetadata(Set<String> labels, Set<String> annotations) {

  static final OwnedMetadata NONE = new OwnedMetadata(Set.of(), Set.of());

  /** Reads them from an object as the API server has it. */
  static OwnedMetadata of(HasMetadata live) {
    var labels = new TreeSet<String>();
    var annotations = new TreeSet<String>();
    for (var entry : live.getMetadata().getManagedFields()) {
      if (Applier.FIELD_MANAGER.equals(entry.getManager()) && entry.getSubresource() == null) {
        collect(entry, "f:labels", labels);
        collect(entry, "f:annotations", annotations);
      }
    }
    return new OwnedMetadata(labels, annotations);
  }

  /** In {@code FieldsV1}, a field called {@code x} is the key {@code f:x}. */
  private static void collect(ManagedFieldsEntry entry, String kind, Set<String> names) {
    if (entry.getFieldsV1() != null
        && entry.getFieldsV1().getAdditionalProperties().get("f:metadata") instanceof Map<?, ?> meta
        && meta.get(kind) instanceof Map<?, ?> owned) {
      owned.keySet().stream()
          .map(String::valueOf)
          .filter(key -> key.startsWith("f:"))
          .forEach(key -> names.add(key.substring(2)));
    }
  }
}
