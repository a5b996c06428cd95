package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Whom a rule is for: exactly one of these is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Subject(
    @Nullable String user,
    @Nullable LabelSelector userSelector,
    @Nullable Boolean allUsers,
    @Nullable Boolean anonymous) {}
