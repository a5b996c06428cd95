package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** The broker that a user or an ACL belongs to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BrokerRef(String name, @Nullable String namespace) {}
