package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** The key of a Secret, in the user's namespace, that holds a user's own password. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PasswordSecretRef(String name, @Nullable String key) {}
