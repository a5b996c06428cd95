package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user asks of a broker. All of it may be left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttBrokerSpec(
    @Nullable Integer replicas,
    @Nullable String image,
    @Nullable List<Listener> listeners,
    @Nullable Certificates certificates,
    @Nullable Passwords passwords,
    @Nullable Storage storage,
    @Nullable ResourceRequirements resources,
    @Nullable Map<String, String> nodeSelector,
    @Nullable List<Toleration> tolerations,
    @Nullable Affinity affinity,
    @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
    @Nullable String priorityClassName,
    @Nullable List<LocalObjectReference> imagePullSecrets,
    @Nullable Map<String, String> podLabels,
    @Nullable Map<String, String> podAnnotations,
    @Nullable Boolean paused) {}
