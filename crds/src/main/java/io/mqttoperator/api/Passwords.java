package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How users' own passwords are hashed. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Passwords(
    @JsonPropertyDescription(
            "PBKDF2 iterations for passwords that users bring: 1 to 10000 (generated ones have 256 random bits and need one). Mosquitto repeats them for each connected client at each reload, on its only thread. Restarts no pod.")
        @Default("1000")
        @Min(1)
        @Max(10_000)
        @Nullable Integer iterations) {}
