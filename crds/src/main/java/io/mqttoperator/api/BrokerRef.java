package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The broker that a user or an ACL belongs to. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BrokerRef(
    @JsonPropertyDescription("Name of the MqttBroker: at most 40 characters.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Formats.DNS_LABEL)
        String name,
    @JsonPropertyDescription("Namespace of the MqttBroker. Default: the namespace of this object.")
        @Size(min = 1, max = 63)
        @Pattern(Formats.DNS_LABEL)
        @Nullable String namespace) {}
