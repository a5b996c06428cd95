package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** A user's password: generated, or the user's own from a Secret. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserPassword(
    @JsonPropertyDescription(
            "The user's own password, in a Secret of the same namespace. Default: the operator generates one.")
        @Nullable PasswordSecretRef secretRef,
    @JsonPropertyDescription("Raise it to have another password generated: 1 or more.")
        @Default("1")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer generation) {}
