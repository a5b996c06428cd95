package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a listener is reached, in the cluster and from outside. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = ServiceRules.NODE_PORT_OUTSIDE,
    message = ServiceRules.NODE_PORT_OUTSIDE_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".nodePort")
@ValidationRule(
    value = ServiceRules.TRAFFIC_POLICY_OUTSIDE,
    message = ServiceRules.TRAFFIC_POLICY_OUTSIDE_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".externalTrafficPolicy")
@ValidationRule(
    value = ServiceRules.CLASS_OF_LOAD_BALANCER,
    message = ServiceRules.CLASS_OF_LOAD_BALANCER_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".loadBalancerClass")
@ValidationRule(
    value = ServiceRules.SOURCES_OF_LOAD_BALANCER,
    message = ServiceRules.SOURCES_OF_LOAD_BALANCER_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".loadBalancerSourceRanges")
@ValidationRule(
    value = ServiceRules.TWO_FAMILIES,
    message = ServiceRules.TWO_FAMILIES_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".ipFamilyPolicy")
public record ListenerService(
    @JsonPropertyDescription(
            "`ClusterIP`: in the cluster only, at the Service `<broker>`. `NodePort`: also at a port of every node. `LoadBalancer`: also at a load balancer that the cluster's provider makes. For these two there is a Service `<broker>-<listener>` more; `status.endpoints[].external` has its addresses. Restarts no pod.")
        @Default("ClusterIP")
        @Nullable ServiceType type,
    @JsonPropertyDescription(
            "Port of the Service: 1 to 65535. Default: the listener's `port`. With `ClusterIP` it is the port at `<broker>`; else the port at `<broker>-<listener>` and at the load balancer, and at `<broker>` the listener keeps its `port`. The ports at `<broker>` must be unique. Restarts no pod.")
        @Min(1)
        @Max(65535)
        @Nullable Integer port,
    @JsonPropertyDescription(
            "Port on the nodes, for `NodePort` and `LoadBalancer`: within the cluster's range (30000 to 32767 by default), and free; else `Accepted` says what the API server says. Default: a free one. Restarts no pod.")
        @Min(1)
        @Max(65535)
        @Nullable Integer nodePort,
    @JsonPropertyDescription(
            "Annotations of the Service, such as those that a cloud reads: at most 32 of at most 2048 characters, with keys outside `mqttoperator.io/` and `app.kubernetes.io/`. Listeners of type `ClusterIP` share a Service, which gets the annotations of all. Restarts no pod.")
        @Size(max = 32)
        @ValidationRule(
            value = Formats.NO_RESERVED_KEYS,
            message = Formats.NO_RESERVED_KEYS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = Formats.ANNOTATION_KEYS,
            message = Formats.KEYS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Map<String, @Size(max = 2048) String> annotations,
    @JsonPropertyDescription(
            "Which implementation makes the load balancer, such as `example.com/internal`. Kubernetes lets nobody change it while the type is `LoadBalancer`. Default: the cluster's. Restarts no pod.")
        @Size(min = 1, max = 317)
        @ValidationRule(
            value = ServiceRules.QUALIFIED_NAME,
            message = ServiceRules.QUALIFIED_NAME_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String loadBalancerClass,
    @JsonPropertyDescription(
            "Networks whose clients the load balancer lets in, such as `203.0.113.0/24`: 1 to 64, where the provider can do that. Default: all. Restarts no pod.")
        @Size(max = 64)
        @ValidationRule(
            value = ServiceRules.A_SOURCE,
            message = ServiceRules.A_SOURCE_MESSAGE,
            reason = Formats.INVALID)
        @Nullable List<String> loadBalancerSourceRanges,
    @JsonPropertyDescription(
            "`Cluster`: every node takes connections, and passes them on under its own address. `Local`: only nodes with a pod of the broker take them, and the client's address stays, which `allowedPeers` and the broker's log then see. Default: `Cluster`. Restarts no pod.")
        @Nullable String externalTrafficPolicy,
    @JsonPropertyDescription(
            "`SingleStack`, `PreferDualStack` or `RequireDualStack`: whether the Service has addresses of IPv4 and IPv6. Listeners of type `ClusterIP` share a Service and must agree. Default: `SingleStack`. Restarts no pod.")
        @Nullable String ipFamilyPolicy,
    @JsonPropertyDescription(
            "`IPv4`, `IPv6` or both, the first one first; Kubernetes does not let the first be changed. Listeners of type `ClusterIP` share a Service and must agree. Default: the cluster's. Restarts no pod.")
        @Size(max = 2)
        @ValidationRule(
            value = ServiceRules.DISTINCT_FAMILIES,
            message = ServiceRules.DISTINCT_FAMILIES_MESSAGE,
            reason = Formats.INVALID)
        @Nullable List<String> ipFamilies) {}
