package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Secret that the operator writes for a user. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserSecret(
    @Nullable String name,
    @Nullable Map<String, String> labels,
    @Nullable Map<String, String> annotations) {}
