package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The only writer of objects. The first write of an object is a create, so that an object of
 * somebody else's is found and never touched; later ones are a forced server-side apply under its
 * UID. Secrets and ConfigMaps are replaced at the version that was seen: their data is ours whole.
 */
public final class Applier {

  /**
   * Our name in {@code managedFields}. Creates and updates carry it as the client's user agent (see
   * {@code Main}): fabric8 names a manager for applies only.
   */
  public static final String FIELD_MANAGER = Labels.OPERATOR;

  private final KubernetesClient client;
  private final CreatedFields created;
  private final Set<String> applied = ConcurrentHashMap.newKeySet();

  public Applier(KubernetesClient client) {
    this.client = client;
    this.created = new CreatedFields(client);
  }

  /**
   * Makes {@code actual} like {@code desired}, writing only what differs.
   *
   * @param actual what the cache holds under that name, or null
   * @return the object as it now is
   * @throws NameTaken if the object is not the owner's
   * @throws TryAgain if somebody wrote meanwhile
   * @throws NamespaceEnding if the namespace is being deleted, so that nothing can be made there
   */
  public <T extends HasMetadata> T apply(T desired, @Nullable T actual, HasMetadata owner) {
    Drift.stamp(desired);
    if (actual == null) {
      return create(desired, owner);
    }
    if (!Ownership.isOurs(actual, owner)) {
      throw Ownership.taken(actual, desired, owner);
    }
    return Drift.between(desired, actual) ? update(desired, actual) : actual;
  }

  /** As in {@code Secret fleet-ca}. */
  public static String describe(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  private <T extends HasMetadata> T create(T desired, HasMetadata owner) {
    try {
      return client.resource(desired).create();
    } catch (KubernetesClientException refused) {
      if (ApiRefusal.isOfEndingNamespace(refused)) {
        throw new NamespaceEnding(desired.getMetadata().getNamespace(), refused);
      }
      if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw refused;
      }
      requireAbsent(desired, owner);
      throw new TryAgain(describe(desired) + " came and went", refused);
    }
  }

  /**
   * Looks past the caches for an object that they do not hold. They select by labels: one that lost
   * them gets them back, so that a later pass sees it.
   *
   * @throws TryAgain if it is there: its content may be a key that was made once, so only a pass
   *     that has seen it may go on
   * @throws NameTaken if what is there is not the owner's
   */
  public <T extends HasMetadata> void requireAbsent(T desired, HasMetadata owner) {
    var found = client.resource(desired).get();
    if (found == null) {
      return;
    }
    if (!Ownership.isOurs(found, owner)) {
      throw Ownership.taken(found, desired, owner);
    }
    restoreLabels(found, desired);
    throw new TryAgain(describe(desired) + " is there, but was not seen yet", null);
  }

  /** A Secret or a ConfigMap is replaced by itself: we may update those, but not patch them. */
  private <T extends HasMetadata> void restoreLabels(T found, T desired) {
    var labels = desired.getMetadata().getLabels();
    var present = found.getMetadata().getLabels();
    if (present != null && present.entrySet().containsAll(labels.entrySet())) {
      return;
    }
    try {
      switch (found) {
        case Secret secret -> relabel(secret, labels);
        case ConfigMap configMap -> relabel(configMap, labels);
        default ->
            patchMetadata(
                found,
                Map.of(
                    "resourceVersion", found.getMetadata().getResourceVersion(), "labels", labels));
      }
    } catch (KubernetesClientException refused) {
      if (!ApiRefusal.isOutdated(refused)) {
        throw refused;
      }
    }
  }

  private void relabel(HasMetadata found, Map<String, String> labels) {
    var all = new TreeMap<String, String>(labels);
    var present = found.getMetadata().getLabels();
    if (present != null) {
      present.forEach(all::putIfAbsent);
    }
    found.getMetadata().setLabels(all);
    client.resource(found).update();
  }

  private void patchMetadata(HasMetadata object, Map<String, Object> metadata) {
    var body = client.getKubernetesSerialization().asJson(Map.of("metadata", metadata));
    client.resource(object).patch(PatchContext.of(PatchType.JSON_MERGE), body);
  }

  private <T extends HasMetadata> T update(T desired, T actual) {
    try {
      desired.getMetadata().setUid(actual.getMetadata().getUid());
      return switch (desired) {
        case Secret secret -> replace(desired, actual);
        case ConfigMap configMap -> replace(desired, actual);
        default -> serverSideApply(desired);
      };
    } catch (KubernetesClientException refused) {
      if (ApiRefusal.isOutdated(refused)) {
        throw new TryAgain(describe(desired) + " changed meanwhile", refused);
      }
      throw refused;
    }
  }

  private <T extends HasMetadata> T replace(T desired, T actual) {
    var metadata = desired.getMetadata();
    var dropped =
        Drift.isRestamped(desired, actual) ? OwnedMetadata.of(live(actual)) : OwnedMetadata.NONE;
    metadata.setLabels(
        merged(actual.getMetadata().getLabels(), dropped.labels(), metadata.getLabels()));
    metadata.setAnnotations(
        merged(
            actual.getMetadata().getAnnotations(),
            dropped.annotations(),
            metadata.getAnnotations()));
    metadata.setResourceVersion(actual.getMetadata().getResourceVersion());
    return client.resource(desired).update();
  }

  /** With its {@code managedFields}, which the caches drop. */
  private HasMetadata live(HasMetadata actual) {
    var live = client.resource(actual).get();
    return live == null ? actual : live;
  }

  private static Map<String, String> merged(
      @Nullable Map<String, String> present,
      Set<String> dropped,
      @Nullable Map<String, String> ours) {
    var all = new TreeMap<String, String>(present == null ? Map.of() : present);
    all.keySet().removeAll(dropped);
    all.putAll(ours == null ? Map.of() : ours);
    return all;
  }

  private <T extends HasMetadata> T serverSideApply(T desired) {
    var uid = desired.getMetadata().getUid();
    if (!applied.contains(uid)) {
      created.takeOver(desired);
      applied.add(uid);
    }
    return client.resource(desired).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }

  /**
   * Sets one annotation of a pod, and nothing else (the admission policy allows no more). One that
   * is gone needs none.
   */
  public void annotatePod(String namespace, String pod, String annotation, String value) {
    var body =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("metadata", Map.of("annotations", Map.of(annotation, value))));
    try {
      client
          .pods()
          .inNamespace(namespace)
          .withName(pod)
          .patch(PatchContext.of(PatchType.JSON_MERGE), body);
    } catch (KubernetesClientException refused) {
      if (refused.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw refused;
      }
    }
  }

  /**
   * Asks for a larger volume: a claim is not ours to apply, since a StatefulSet makes it.
   *
   * @param size a quantity such as {@code 2Gi}
   */
  public void requestStorage(PersistentVolumeClaim seen, String size) {
    var body =
        client
            .getKubernetesSerialization()
            .asJson(
                Map.of(
                    "metadata", Map.of("uid", seen.getMetadata().getUid()),
                    "spec", Map.of("resources", Map.of("requests", Map.of("storage", size)))));
    client.resource(seen).patch(PatchContext.of(PatchType.JSON_MERGE), body);
  }

  /** Sets an object's finalizers at the version that was seen. */
  public void setFinalizers(HasMetadata seen, List<String> finalizers) {
    var metadata = new TreeMap<String, Object>();
    metadata.put("resourceVersion", seen.getMetadata().getResourceVersion());
    metadata.put("finalizers", finalizers.isEmpty() ? Collections.emptyList() : finalizers);
    try {
      patchMetadata(seen, metadata);
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return;
      }
      if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw new TryAgain(describe(seen) + " changed meanwhile", refused);
      }
      throw refused;
    }
  }

  /** Deletes an object as it was seen: never another one under its name. */
  public void delete(HasMetadata seen) {
    try {
      client.resource(seen).lockResourceVersion(seen.getMetadata().getResourceVersion()).delete();
    } catch (KubernetesClientException refused) {
      if (ApiRefusal.isOutdated(refused)) {
        throw new TryAgain(describe(seen) + " changed meanwhile", refused);
      }
      throw refused;
    }
  }
}
