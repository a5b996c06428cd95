package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Where sessions, queued and retained messages are kept. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Storage(
    @JsonPropertyDescription(
            "Size of the volume: a quantity above 0. Raised, the volume grows where its StorageClass allows it; it never shrinks.")
        @Default("1Gi")
        @Nullable Quantity size,
    @JsonPropertyDescription("StorageClass of the volume. Default: the cluster's default class.")
        @Size(min = 1, max = 253)
        @Pattern(Formats.DNS_SUBDOMAIN)
        @Nullable String storageClassName,
    @JsonPropertyDescription(
            "How often Mosquitto saves to the volume: a duration, 1s to 24h. What came after the last save is lost when the process is killed (not when the pod is ended in order). Restarts no pod.")
        @Default("60s")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = StorageRules.A_SECOND_TO_A_DAY,
            message = StorageRules.A_SECOND_TO_A_DAY_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String autosaveInterval,
    @JsonPropertyDescription("Whether the volume outlives the broker.") @Default("true")
        @Nullable Boolean retain,
    @JsonPropertyDescription(
            "Whether there is no volume at all: what Mosquitto keeps is then lost with the pod.")
        @Default("false")
        @Nullable Boolean ephemeral) {}
