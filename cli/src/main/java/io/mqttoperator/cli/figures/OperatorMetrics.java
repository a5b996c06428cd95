package io.mqttoperator.cli.figures;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;

/**
 * The operator's metrics, read through the API server: who asks needs no way to the operator's pod,
 * but {@code get} on {@code services/proxy} of its metrics' Service.
 *
 * @param namespace of the operator
 * @param release the operator's name, without {@code -metrics}
 */
public record OperatorMetrics(String namespace, String release) {

  /** Where Helm puts it as the README says. */
  public static final String DEFAULT = "mqtt-operator/mqtt-operator";

  /** Of several operators one leads, and the Service answers with any of them. */
  private static final int TRIES = 5;

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  /**
   * Of {@code NAMESPACE/NAME}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  public static OperatorMetrics of(String operator) {
    var parts = operator.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException(
          "--operator takes NAMESPACE/NAME, as %s, not %s.".formatted(DEFAULT, operator));
    }
    return new OperatorMetrics(parts[0], parts[1]);
  }

  private String service() {
    return release + "-metrics";
  }

  /**
   * What it tells of brokers now.
   *
   * @throws UnreadableMetricsException if it cannot be read, with what to do about it
   */
  public Figures read(KubernetesClient client) throws UnreadableMetricsException {
    var figures = Figures.parse("");
    for (int i = 0; i < TRIES && figures.isEmpty(); i++) {
      figures = Figures.parse(text(client));
    }
    return figures;
  }

  private String text(KubernetesClient client) throws UnreadableMetricsException {
    try {
      return Objects.requireNonNullElse(
          client.raw(
              "/api/v1/namespaces/%s/services/%s:http/proxy/metrics"
                  .formatted(namespace, service())),
          "");
    } catch (KubernetesClientException failed) {
      throw new UnreadableMetricsException(reason(failed), failed);
    }
  }

  private String reason(KubernetesClientException failed) {
    return switch (failed.getCode()) {
      case FORBIDDEN ->
          "You may not read the operator's figures: that takes get on services/proxy of %s:http in namespace %s, which the Role %s there has."
              .formatted(service(), namespace, service() + "-reader");
      case NOT_FOUND ->
          "There is no Service %s in namespace %s: say with --operator NAMESPACE/NAME where the operator is."
              .formatted(service(), namespace);
      default ->
          "The operator's figures cannot be read (%s): is its pod ready? kubectl -n %s get pods"
              .formatted(failed.getMessage(), namespace);
    };
  }
}
