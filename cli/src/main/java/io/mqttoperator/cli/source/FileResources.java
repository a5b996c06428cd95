package io.mqttoperator.cli.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.ResourceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes resources of manifests. */
public final class FileResources {

  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  /** What stands in a file is not there yet: it comes after all that a cluster has. */
  private static final String LATER = "9999-12-31T00:00:00Z";

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of("MqttBroker", MqttBroker.class, "MqttUser", MqttUser.class, "MqttAcl", MqttAcl.class);

  private final List<MqttBroker> brokers = new ArrayList<>();
  private final List<MqttUser> users = new ArrayList<>();
  private final List<MqttAcl> acls = new ArrayList<>();
  private final Map<String, Map<String, String>> namespaces = new HashMap<>();
  private final Map<ResourceKey, JsonNode> secrets = new HashMap<>();
  private final Map<ResourceId, Manifest> manifests = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final String namespace;

  private FileResources(String namespace) {
    this.namespace = namespace;
  }

  /**
   * Takes what is known of manifests.
   *
   * @param namespace of those that name none
   */
  public static Inventory of(List<Manifest> manifests, String namespace) {
    var resources = new FileResources(namespace);
    manifests.forEach(resources::add);
    return new Inventory(
        resources.brokers,
        resources.users,
        resources.acls,
        resources.namespaces,
        resources.secrets,
        resources.manifests,
        false,
        resources.notes);
  }

  private void add(Manifest manifest) {
    var kind = manifest.isOurs() ? KINDS.get(manifest.kind()) : null;
    if (kind != null) {
      read(manifest, kind).ifPresent(resource -> add(resource, manifest));
    } else if (manifest.apiVersion().equals("v1") && manifest.kind().equals("Namespace")) {
      namespaces.put(manifest.name(), labels(manifest));
    } else if (manifest.apiVersion().equals("v1") && manifest.kind().equals("Secret")) {
      secrets.put(
          new ResourceKey(manifest.namespace().orElse(namespace), manifest.name()),
          manifest.content());
    }
  }

  private static Map<String, String> labels(Manifest manifest) {
    var labels = new HashMap<String, String>();
    manifest
        .at("/metadata/labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    // Kubernetes sets it on each.
    labels.put("kubernetes.io/metadata.name", manifest.name());
    return labels;
  }

  private void add(HasMetadata resource, Manifest manifest) {
    var id = ResourceId.of(resource);
    if (manifests.putIfAbsent(id, manifest) != null) {
      notes.add("%s: %s is there twice; the first one counts.".formatted(manifest.place(""), id));
      return;
    }
    switch (resource) {
      case MqttBroker broker -> brokers.add(broker);
      case MqttUser user -> users.add(user);
      case MqttAcl acl -> acls.add(acl);
      default -> throw new IllegalStateException(resource.getKind());
    }
  }

  private Optional<HasMetadata> read(Manifest manifest, Class<? extends HasMetadata> kind) {
    HasMetadata resource;
    try {
      resource = JSON.treeToValue(manifest.content(), kind);
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      return leaveOut(manifest, "it does not have the form of its kind");
    }
    var metadata = resource.getMetadata();
    if (metadata == null || metadata.getName() == null || !RequiredFields.areThere(resource)) {
      return leaveOut(manifest, "a required field is missing");
    }
    if (metadata.getNamespace() == null || metadata.getNamespace().isEmpty()) {
      metadata.setNamespace(namespace);
    }
    metadata.setUid(Objects.requireNonNullElse(metadata.getUid(), ResourceId.of(resource) + ""));
    metadata.setCreationTimestamp(
        Objects.requireNonNullElse(metadata.getCreationTimestamp(), LATER));
    return Optional.of(resource);
  }

  private Optional<HasMetadata> leaveOut(Manifest manifest, String why) {
    notes.add(
        "%s: %s is left out: %s. `kubectl mqtt check` says more."
            .formatted(manifest.place(""), manifest.title(), why));
    return Optional.empty();
  }
}
