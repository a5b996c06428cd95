package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has seen of a broker. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttBrokerStatus(
    @JsonPropertyDescription(
            "The `metadata.generation` that this status is about; -1 before the operator has seen the object.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "`Accepted`: the spec and all it refers to are valid. `CertificatesReady`: the certificates are issued. `AccessEnforced`: every running pod has been seen, over MQTT, to enforce `access.revision`. `Ready`: all of them, and all replicas ready. `Reconciling` or `Stalled` is there while it applies.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Pods that exist.") @Nullable Integer replicas,
    @JsonPropertyDescription("Pods that are ready.") @Nullable Integer readyReplicas,
    @JsonPropertyDescription("Label selector of the pods, for the scale subresource.")
        @Nullable String selector,
    @JsonPropertyDescription("Where clients connect.") @Nullable List<Endpoint> endpoints,
    @JsonPropertyDescription("The certificates in use.")
        @Nullable List<CertificateStatus> certificates,
    @JsonPropertyDescription("The newest access files.") @Nullable AccessStatus access,
    @JsonPropertyDescription("What each pod has been seen to enforce.")
        @Nullable List<PodStatus> pods,
    @JsonPropertyDescription("What is allowed but not safe, in sentences.")
        @Nullable List<String> warnings) {

  /** The same with other conditions. */
  public MqttBrokerStatus withConditions(List<Condition> conditions) {
    return new MqttBrokerStatus(
        observedGeneration,
        conditions,
        replicas,
        readyReplicas,
        selector,
        endpoints,
        certificates,
        access,
        pods,
        warnings);
  }

  /** An address of a listener. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Endpoint(
      @JsonPropertyDescription("Name of the listener.") @Required String listener,
      @JsonPropertyDescription("DNS name in the cluster.") @Required String address,
      @JsonPropertyDescription("Port at this address.") @Required Integer port,
      @JsonPropertyDescription("Whether it speaks TLS.") @Required Boolean tls,
      @JsonPropertyDescription(
              "Where it is reached from outside of the cluster: the load balancer's addresses, or, for a `NodePort`, those of the nodes that run the broker's pods. None for a `ClusterIP`, and until they are known.")
          @Nullable List<ExternalAddress> external) {}

  /** Where a listener is reached from outside of the cluster. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ExternalAddress(
      @JsonPropertyDescription("DNS name or IP address.") @Required String address,
      @JsonPropertyDescription("Port at this address.") @Required Integer port) {}

  /** A certificate's life. Times in RFC 3339, the serial in lower-case hex. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CertificateStatus(
      @JsonPropertyDescription(
              "`authority`, `server`, or `listener-<name>` for a listener's own certificate. While a CA is replaced: `authority-next`, which is trusted and issues nothing yet; `authority-former`, which is still trusted.")
          @Required
          String name,
      @JsonPropertyDescription("Serial number in lower-case hex.") @Required String serial,
      @JsonPropertyDescription("When it ends (RFC 3339).") @Required String notAfter,
      @JsonPropertyDescription(
              "When it is renewed (RFC 3339). Absent for a certificate of your own: whoever made it renews it.")
          @Nullable String renewAt,
      @JsonPropertyDescription(
              "Where in its life it is: `Current`; of the authority while it is replaced `Trust`, `Issue` or `Observe`; of the others `Next` or `Former`.")
          @Required
          String phase) {}

  /** The newest access files. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AccessStatus(
      @JsonPropertyDescription("SHA-256 of the files, in lower-case hex.") @Required
          String revision,
      @JsonPropertyDescription("Users who may connect.") @Required Integer users,
      @JsonPropertyDescription("Rules of all accepted ACLs together.") @Required Integer rules) {}

  /** The revision that a pod has been seen to enforce. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PodStatus(
      @JsonPropertyDescription("Name of the pod.") @Required String name,
      @JsonPropertyDescription("The `access.revision` that it was last seen to enforce.")
          @Nullable String accessRevision) {}
}
