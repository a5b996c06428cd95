package io.mqttoperator.operator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Writes a status only when it differs from the one that stands, whole. */
public final class StatusWriter {

  /** What was written over an object at a version that the cache may still hold. */
  private record Written(String over, JsonNode status) {}

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Makes {@code status} the status of {@code seen}.
   *
   * @param before the status in the cache
   * @return whether the cache does not hold it yet
   */
  public boolean write(HasMetadata seen, @Nullable Object before, Object status) {
    var uid = seen.getMetadata().getUid();
    var version = seen.getMetadata().getResourceVersion();
    var last = written.get(uid);
    // What was written since the cache saw the object stands, not what the cache holds.
    if (last != null && !last.over().equals(version)) {
      // The cache has moved on.
      written.remove(uid, last);
      last = null;
    }
    if (last == null && status.equals(before)) {
      return false;
    }
    var tree = client.getKubernetesSerialization().convertValue(status, JsonNode.class);
    if (last != null && sameButTimes(last.status(), tree)) {
      return true;
    }
    var patch =
        client
            .getKubernetesSerialization()
            .asJson(
                new Object[] {
                  // Another object of that name may stand there by now.
                  Map.of("op", "test", "path", "/metadata/uid", "value", uid),
                  Map.of("op", "add", "path", "/status", "value", tree)
                });
    try {
      client.resource(seen).subresource("status").patch(PatchContext.of(PatchType.JSON), patch);
      written.put(uid, new Written(version, tree));
    } catch (KubernetesClientException refused) {
      if (!isGone(seen, refused)) {
        throw refused;
      }
    }
    return true;
  }

  /** A JSON patch whose test fails is answered like an invalid one: 422. */
  private boolean isGone(HasMetadata seen, KubernetesClientException refused) {
    if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      return true;
    }
    var live = refused.getCode() == UNPROCESSABLE ? client.resource(seen).get() : seen;
    return live == null || !seen.getMetadata().getUid().equals(live.getMetadata().getUid());
  }

  private static boolean sameButTimes(JsonNode one, JsonNode other) {
    return withoutTimes(one).equals(withoutTimes(other));
  }

  private static JsonNode withoutTimes(JsonNode status) {
    var copy = status.deepCopy();
    copy.path("conditions")
        .forEach(
            condition ->
                ((com.fasterxml.jackson.databind.node.ObjectNode) condition)
                    .remove("lastTransitionTime"));
    return copy;
  }
}
