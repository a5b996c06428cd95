package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects that are kept by the ten thousand small: what many of them have in common (labels,
 * conditions, the address and the authority of a broker) is one object for all, and what is never
 * read is dropped. Nothing that is secret is held here.
 */
final class SharedParts {

  /**
   * Above this many, all are forgotten: what is new is shared, and what was is kept by its users.
   */
  private static final int MOST = 20_000;

  /** What the Secrets of all users of a broker hold. */
  private static final Set<String> SHARED_KEYS =
      Set.of("type", "provider", "host", "port", "uri", "ca.crt");

  private final Map<Object, Object> known = new ConcurrentHashMap<>();

  /** Prunes an object that nobody has seen yet. */
  <T extends HasMetadata> T prune(T item) {
    prune(item.getMetadata());
    switch (item) {
      case Secret secret -> prune(secret);
      case MqttUser user -> {
        user.setSpec(share(user.getSpec()));
        if (user.getStatus() != null) {
          share(user.getStatus().conditions());
        }
      }
      case MqttAcl acl when acl.getStatus() != null -> share(acl.getStatus().conditions());
      default -> {
        // There are few of each other kind.
      }
    }
    return item;
  }

  private void prune(ObjectMeta metadata) {
    // Never read from the cache, and often larger than the object.
    metadata.setManagedFields(null);
    metadata.setNamespace(share(metadata.getNamespace()));
    metadata.setCreationTimestamp(share(metadata.getCreationTimestamp()));
    metadata.setLabels(shareMap(metadata.getLabels()));
    metadata.setFinalizers(shareList(metadata.getFinalizers()));
    metadata.setAnnotations(compact(metadata.getAnnotations()));
    metadata.setAdditionalProperties(compact(metadata.getAdditionalProperties()));
    var owners = metadata.getOwnerReferences();
    if (owners == null) {
      return;
    }
    for (var owner : owners) {
      owner.setApiVersion(share(owner.getApiVersion()));
      owner.setKind(share(owner.getKind()));
      owner.setAdditionalProperties(compact(owner.getAdditionalProperties()));
    }
    metadata.setOwnerReferences(new ArrayList<>(owners));
  }

  private void prune(Secret secret) {
    secret.setAdditionalProperties(compact(secret.getAdditionalProperties()));
    secret.setStringData(compact(secret.getStringData()));
    secret.setType(share(secret.getType()));
    var data = secret.getData();
    if (data != null && !data.containsValue(null)) {
      var shared = new HashMap<>(data);
      shared.replaceAll((key, value) -> SHARED_KEYS.contains(key) ? share(value) : value);
      secret.setData(Map.copyOf(shared));
    }
  }

  private void share(@Nullable List<Condition> conditions) {
    if (conditions != null) {
      conditions.replaceAll(condition -> share(condition));
    }
  }

  private @Nullable Map<String, String> shareMap(@Nullable Map<String, String> map) {
    return share(compact(map));
  }

  private @Nullable List<String> shareList(@Nullable List<String> list) {
    return list == null || list.stream().anyMatch(Objects::isNull)
        ? list
        : share(List.copyOf(list));
  }

  /** A map that takes no more than what it holds. */
  private static <V> @Nullable Map<String, V> compact(@Nullable Map<String, V> map) {
    return map == null || map.containsValue(null) ? map : Map.copyOf(map);
  }

  /** The one that is equal, if there is one. */
  @SuppressWarnings("unchecked") // equal objects are of one class here
  private <V> @Nullable V share(@Nullable V value) {
    if (value == null) {
      return null;
    }
    if (known.size() > MOST) {
      known.clear();
    }
    var before = known.putIfAbsent(value, value);
    return before == null ? value : (V) before;
  }
}
