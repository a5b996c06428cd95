package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.cli.check.Change;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.cli.source.Manifest;
import io.mqttoperator.cli.source.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cluster as it would be if files were applied to it. */
final class Overlay {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Overlay() {}

  static Inventory of(Inventory cluster, Inventory files) {
    var namespaces = new HashMap<>(cluster.namespaces());
    namespaces.putAll(files.namespaces());
    var notes = new ArrayList<>(cluster.notes());
    notes.addAll(files.notes());
    return new Inventory(
        merge(cluster.brokers(), files.brokers()),
        merge(cluster.users(), files.users()),
        merge(cluster.acls(), files.acls()),
        namespaces,
        files.secrets(),
        files.manifests(),
        true,
        notes);
  }

  /** What is there keeps its UID and its age: with these it holds a username against others. */
  private static <T extends HasMetadata> List<T> merge(List<T> cluster, List<T> files) {
    var merged = new LinkedHashMap<ResourceId, T>();
    cluster.forEach(resource -> merged.put(ResourceId.of(resource), resource));
    for (var resource : files) {
      var present = merged.put(ResourceId.of(resource), resource);
      if (present != null) {
        var metadata = resource.getMetadata();
        metadata.setUid(present.getMetadata().getUid());
        metadata.setCreationTimestamp(present.getMetadata().getCreationTimestamp());
        metadata.setDeletionTimestamp(present.getMetadata().getDeletionTimestamp());
        metadata.setFinalizers(present.getMetadata().getFinalizers());
        if (resource instanceof MqttUser user && present instanceof MqttUser there) {
          keepName(user, there.getStatus());
        }
      }
    }
    return List.copyOf(merged.values());
  }

  /** The name that its Secret says; what else stands in its status is about another spec. */
  private static void keepName(MqttUser user, @Nullable MqttUserStatus status) {
    if (status != null) {
      user.setStatus(
          new MqttUserStatus(
              null, null, status.username(), status.pendingUsername(), null, null, null));
    }
  }

  /** What applying the files would do, in their order. */
  static List<Change> changes(Inventory cluster, Inventory files) {
    var present = new HashMap<ResourceId, HasMetadata>();
    all(cluster).forEach(resource -> present.put(ResourceId.of(resource), resource));
    return all(files)
        .map(
            resource ->
                change(ResourceId.of(resource), present.get(ResourceId.of(resource)), resource))
        .toList();
  }

  /** What the cluster has under a manifest's name, of what its owner asks for. */
  static Optional<ObjectNode> present(Inventory cluster, Manifest manifest, String namespace) {
    var id =
        new ResourceId(manifest.kind(), manifest.namespace().orElse(namespace), manifest.name());
    return all(cluster)
        .filter(resource -> ResourceId.of(resource).equals(id))
        .findFirst()
        .map(resource -> JSON.createObjectNode().set("spec", spec(resource)));
  }

  private static Stream<HasMetadata> all(Inventory inventory) {
    return Stream.of(inventory.brokers(), inventory.users(), inventory.acls())
        .flatMap(List::stream);
  }

  private static Change change(ResourceId id, @Nullable HasMetadata before, HasMetadata after) {
    if (before == null) {
      return new Change(id, Change.Kind.CREATED, List.of());
    }
    var fields = new TreeSet<String>();
    compare("spec", spec(before), spec(after), fields);
    compare("metadata.labels", labels(before), labels(after), fields);
    return new Change(
        id, fields.isEmpty() ? Change.Kind.UNCHANGED : Change.Kind.CHANGED, List.copyOf(fields));
  }

  private static JsonNode labels(HasMetadata resource) {
    return JSON.valueToTree(
        Objects.requireNonNullElse(resource.getMetadata().getLabels(), Map.of()));
  }

  private static JsonNode spec(HasMetadata resource) {
    return JSON.valueToTree(
        switch (resource) {
          case MqttBroker broker -> broker.getSpec();
          case MqttUser user -> user.getSpec();
          case MqttAcl acl -> acl.getSpec();
          default -> throw new IllegalStateException(resource.getKind());
        });
  }

  /** One level into the spec: enough to see what it is about. */
  private static void compare(String name, JsonNode before, JsonNode after, Set<String> fields) {
    if (!before.isObject() || !after.isObject()) {
      if (!before.equals(after)) {
        fields.add(name);
      }
      return;
    }
    var keys = new TreeSet<String>();
    before.fieldNames().forEachRemaining(keys::add);
    after.fieldNames().forEachRemaining(keys::add);
    keys.stream()
        .filter(key -> !before.path(key).equals(after.path(key)))
        .forEach(key -> fields.add(name + "." + key));
  }
}
