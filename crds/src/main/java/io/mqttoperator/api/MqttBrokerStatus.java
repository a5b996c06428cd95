package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has seen of a broker. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttBrokerStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable Integer replicas,
    @Nullable Integer readyReplicas,
    @Nullable String selector,
    @Nullable List<Endpoint> endpoints,
    @Nullable List<CertificateStatus> certificates,
    @Nullable AccessStatus access,
    @Nullable List<PodStatus> pods,
    @Nullable List<String> warnings) {

  /** An address of a listener. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Endpoint(String listener, String address, Integer port, Boolean tls) {}

  /** A certificate's life. Times in RFC 3339, the serial in lower-case hex. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CertificateStatus(
      String name, String serial, String notAfter, String renewAt, String phase) {}

  /** The newest access files. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AccessStatus(String revision, Integer users, Integer rules) {}

  /** The revision that a pod has been seen to enforce. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PodStatus(String name, @Nullable String accessRevision) {}
}
