package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** How a listener is reached in the cluster. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerService(@Nullable ServiceType type, @Nullable Integer port) {}
