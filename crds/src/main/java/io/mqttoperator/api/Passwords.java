package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** How users' own passwords are hashed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Passwords(@Nullable Integer iterations) {}
