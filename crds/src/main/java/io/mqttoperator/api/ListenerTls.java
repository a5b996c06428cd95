package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** TLS of one listener. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerTls(
    @JsonPropertyDescription(
            "Whether connections are encrypted. Where false, passwords and messages can be read on the way: `status.warnings` says so. A change restarts Mosquitto inside the pod.")
        @Default("true")
        @Nullable Boolean enabled,
    @JsonPropertyDescription(
            "The lowest TLS version accepted. A change restarts Mosquitto inside the pod.")
        @Default("\"1.2\"")
        @Nullable TlsVersion minVersion) {}
