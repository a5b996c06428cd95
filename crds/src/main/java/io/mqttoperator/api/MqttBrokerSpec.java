package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user asks of a broker. All of it may be left out. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttBrokerSpec(
    @JsonPropertyDescription(
            "Broker pods: 1 to 9. Above 1 they form a star of bridges: pod 0 is the hub, through which the others exchange all messages. A session lives on one pod. From 1 to more, and back, restarts pod 0 once; other changes restart no pod.")
        @Default("1")
        @Min(1)
        @Max(9)
        @Nullable Integer replicas,
    @JsonPropertyDescription(
            "Image of the broker: Mosquitto 2.1.2 or newer with `/bin/sh`, at most 512 characters. Default: the one that the operator was installed with. A change restarts the pod.")
        @Size(min = 1, max = 512)
        @Pattern(Formats.IMAGE)
        @Nullable String image,
    @JsonPropertyDescription(
            "The ports that clients connect to: 1 to 16, each with a name of its own. Default: `mqtts`, port 8883, `Password`; the operator adds it, so that it is not left beside the first listener that is applied. Adding or removing a listener restarts Mosquitto inside the pod.")
        @Size(max = 16)
        @ValidationRule(
            value = ListenerRules.AT_LEAST_ONE,
            message = ListenerRules.AT_LEAST_ONE_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ListenerRules.UNIQUE_PORTS,
            message = ListenerRules.UNIQUE_PORTS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ServiceRules.UNIQUE_PORTS,
            message = ServiceRules.UNIQUE_PORTS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ServiceRules.UNIQUE_NODE_PORTS,
            message = ServiceRules.UNIQUE_NODE_PORTS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ServiceRules.SAME_FAMILIES,
            message = ServiceRules.SAME_FAMILIES_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ServiceRules.SAME_ANNOTATIONS,
            message = ServiceRules.SAME_ANNOTATIONS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ListenerRules.KEYS_END_TLS_1_3,
            message = ListenerRules.KEYS_END_TLS_1_3_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ListenerRules.TAKEOVER_ACCEPTED,
            message = ListenerRules.TAKEOVER_ACCEPTED_MESSAGE,
            reason = Formats.INVALID)
        @Nullable List<Listener> listeners,
    @JsonPropertyDescription(
            "The certificate authority and the server certificate. Nothing here restarts a pod.")
        @Default("{}")
        @Nullable Certificates certificates,
    @JsonPropertyDescription("How users' own passwords are hashed.") @Default("{}")
        @Nullable Passwords passwords,
    @JsonPropertyDescription(
            "From where users and ACLs may come, besides the broker's own namespace. Default: from nowhere.")
        @Nullable TenantAccess access,
    @JsonPropertyDescription(
            "What a client may ask of the broker, for each pod. Default: Mosquitto's own limits.")
        @Nullable Limits limits,
    @JsonPropertyDescription("What the broker keeps of messages.") @Default("{}")
        @Nullable Messages messages,
    @JsonPropertyDescription("What the broker writes to its container's log.") @Default("{}")
        @Nullable Logging logging,
    @JsonPropertyDescription("Where sessions, queued and retained messages are kept.")
        @Default("{}")
        @Nullable Storage storage,
    @JsonPropertyDescription(
            "Requests and limits of the broker's container. Default: derived from the listeners' `maxConnections` and from `limits`. A change restarts the pod.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription(
            "Labels that a node must have to run the pod: at most 32. A change restarts the pod.")
        @Size(max = 32)
        @ValidationRule(
            value = Formats.LABEL_KEYS,
            message = Formats.KEYS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Map<String, @Size(max = 63) @Pattern(Formats.LABEL_VALUE) String> nodeSelector,
    @JsonPropertyDescription(
            "Taints that the pod tolerates: at most 32. A change restarts the pod.")
        @Size(max = 32)
        @Nullable List<Toleration> tolerations,
    @JsonPropertyDescription(
            "Which nodes, and which other pods' company, the pod seeks and avoids. A change restarts the pod.")
        @Nullable Affinity affinity,
    @JsonPropertyDescription(
            "How pods are spread over zones and nodes: at most 16. A change restarts the pod.")
        @Size(max = 16)
        @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
    @JsonPropertyDescription("PriorityClass of the pod. A change restarts the pod.")
        @Size(min = 1, max = 253)
        @Pattern(Formats.DNS_SUBDOMAIN)
        @Nullable String priorityClassName,
    @JsonPropertyDescription(
            "Secrets with which the image is pulled: at most 16. A change restarts the pod.")
        @Size(max = 16)
        @Nullable List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(
            "More labels of the pod: at most 32, with keys outside `mqttoperator.io/` and `app.kubernetes.io/`. A change restarts the pod.")
        @Size(max = 32)
        @ValidationRule(
            value = Formats.NO_RESERVED_KEYS,
            message = Formats.NO_RESERVED_KEYS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = Formats.LABEL_KEYS,
            message = Formats.KEYS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Map<String, @Size(max = 63) @Pattern(Formats.LABEL_VALUE) String> podLabels,
    @JsonPropertyDescription(
            "More annotations of the pod: at most 32 of at most 8192 characters, with keys outside `mqttoperator.io/` and `app.kubernetes.io/`. A change restarts the pod.")
        @Size(max = 32)
        @ValidationRule(
            value = Formats.NO_RESERVED_KEYS,
            message = Formats.NO_RESERVED_KEYS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = Formats.ANNOTATION_KEYS,
            message = Formats.KEYS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Map<String, @Size(max = 8192) String> podAnnotations,
    @JsonPropertyDescription(
            "Whether the operator keeps its hands off: it then writes nothing for this broker, its users and ACLs but their status, and deletions of users and ACLs wait.")
        @Default("false")
        @Nullable Boolean paused) {}
