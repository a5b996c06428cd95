package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Secret that the operator writes for a user. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserSecret(
    @JsonPropertyDescription("Name of the Secret. Default: `<name>-mqtt`.")
        @Size(min = 1, max = 253)
        @Pattern(Formats.DNS_SUBDOMAIN)
        @Nullable String name,
    @JsonPropertyDescription(
            "More labels of the Secret: at most 32, with keys outside `mqttoperator.io/` and `app.kubernetes.io/`.")
        @Size(max = 32)
        @ValidationRule(
            value = Formats.NO_RESERVED_KEYS,
            message = Formats.NO_RESERVED_KEYS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = Formats.LABEL_KEYS,
            message = Formats.KEYS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Map<String, @Size(max = 63) @Pattern(Formats.LABEL_VALUE) String> labels,
    @JsonPropertyDescription(
            "More annotations of the Secret: at most 32 of at most 8192 characters, with keys outside `mqttoperator.io/` and `app.kubernetes.io/`.")
        @Size(max = 32)
        @ValidationRule(
            value = Formats.NO_RESERVED_KEYS,
            message = Formats.NO_RESERVED_KEYS_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = Formats.ANNOTATION_KEYS,
            message = Formats.KEYS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Map<String, @Size(max = 8192) String> annotations) {}
