package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** What is asked for one user. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttUserSpec(
    BrokerRef brokerRef,
    @Nullable String username,
    @Nullable Boolean disabled,
    @Nullable UserPassword password,
    @Nullable UserSecret secret) {}
