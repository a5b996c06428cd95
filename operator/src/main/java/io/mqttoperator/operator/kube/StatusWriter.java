package io.mqttoperator.operator.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Writes a status only when it differs from the one that stands, whole. */
public final class StatusWriter {

  /**
   * What was written over an object at a version that the cache may still hold. A digest: there may
   * be very many.
   */
  private record Written(String over, String digest) {}

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
    var digest = digestButTimes(tree);
    if (last != null && last.digest().equals(digest)) {
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
      written.put(uid, new Written(version, digest));
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

  private static String digestButTimes(JsonNode status) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(withoutTimes(status).toString().getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
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
