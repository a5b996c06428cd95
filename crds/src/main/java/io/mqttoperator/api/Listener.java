package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A port of the broker, and how clients prove there who they are. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Listener(
    String name,
    Integer port,
    @Nullable Transport transport,
    @Nullable Authentication authentication,
    @Nullable ClientIdPolicy clientId,
    @Nullable Boolean acceptTakeover,
    @Nullable Integer maxConnections,
    @Nullable ListenerTls tls,
    @Nullable ListenerService service) {}
