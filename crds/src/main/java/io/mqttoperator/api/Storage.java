package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Where sessions, queued and retained messages are kept. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Storage(
    @Nullable Quantity size,
    @Nullable String storageClassName,
    @Nullable String autosaveInterval,
    @Nullable Boolean retain,
    @Nullable Boolean ephemeral) {}
