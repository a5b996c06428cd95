package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** What the API server means by the answer to a write that it did not take. */
public final class ApiRefusal {

  /** Forbidden (a quota, an admission policy), too large, invalid. */
  private static final Set<Integer> OF_CONTENT =
      Set.of(HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_ENTITY_TOO_LARGE, 422);

  private ApiRefusal() {}

  /** Whether the object itself is not to be had: to repeat the same write will not help. */
  public static boolean isOfContent(KubernetesClientException refused) {
    return OF_CONTENT.contains(refused.getCode());
  }

  /** The API server's own sentence, without what the client library says around it. */
  public static String sentence(KubernetesClientException refused) {
    var status = refused.getStatus();
    return Objects.toString(status == null ? refused.getMessage() : status.getMessage(), "");
  }

  /** Whether the object changed, or went, since it was seen. */
  static boolean isOutdated(KubernetesClientException refused) {
    return refused.getCode() == HttpURLConnection.HTTP_CONFLICT
        || refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND
        // An apply under the UID of an object that was made again meanwhile.
        || hasCause(refused, cause -> "metadata.uid".equals(cause.getField()));
  }

  /** Whether the namespace is being deleted: nothing more can be made there. */
  static boolean isOfEndingNamespace(KubernetesClientException refused) {
    return hasCause(refused, cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private static boolean hasCause(
      KubernetesClientException refused, Predicate<StatusCause> isMeant) {
    var status = refused.getStatus();
    return status != null
        && status.getDetails() != null
        && status.getDetails().getCauses().stream().anyMatch(isMeant);
  }
}
