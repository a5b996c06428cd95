package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** A user's pre-shared key: generated, or the user's own from a Secret. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserPreSharedKey(
    @JsonPropertyDescription(
            "The user's own key, in a Secret of the same namespace. Default: the operator generates one of 256 random bits.")
        @Nullable PreSharedKeySecretRef secretRef,
    @JsonPropertyDescription(
            "Raise it to have another key generated: 1 or more. The old one is refused, and the user's sessions end.")
        @Default("1")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer generation) {}
