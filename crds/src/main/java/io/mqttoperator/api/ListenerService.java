package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How a listener is reached in the cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerService(
    @JsonPropertyDescription(
            "`ClusterIP`: a port of the Service `<broker>`, in the cluster only. Restarts no pod.")
        @Default("ClusterIP")
        @Nullable ServiceType type,
    @JsonPropertyDescription(
            "Port of the Service: 1 to 65535, unique. Default: the listener's `port`. Restarts no pod.")
        @Min(1)
        @Max(65535)
        @Nullable Integer port) {}
