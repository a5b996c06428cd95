package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A user's password: generated, or the user's own from a Secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserPassword(@Nullable PasswordSecretRef secretRef, @Nullable Integer generation) {}
