package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** The broker's certificate authority and server certificate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Certificates(
    @JsonPropertyDescription(
            "The broker's own certificate authority. What clients have to trust is in the ConfigMap `<broker>-trust`.")
        @Default("{}")
        @Nullable AuthorityCertificate authority,
    @JsonPropertyDescription(
            "The certificate that the broker shows to clients, issued by the authority.")
        @Default("{}")
        @Nullable ServerCertificate server) {}
