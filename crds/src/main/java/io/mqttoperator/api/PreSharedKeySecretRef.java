package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The key of a Secret, in the user's namespace, that holds a user's own pre-shared key. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreSharedKeySecretRef(
    @JsonPropertyDescription(
            "Name of the Secret. It must carry the label `mqttoperator.io/credentials: \"true\"`.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Formats.DNS_SUBDOMAIN)
        String name,
    @JsonPropertyDescription(
            "Key in the Secret. It holds the pre-shared key in hexadecimal: 32 to 128 digits (16 to 64 bytes), random, without `0x` and without a line feed at the end.")
        @Default("psk")
        @Size(min = 1, max = 253)
        @Pattern(Formats.SECRET_KEY)
        @Nullable String key) {}
