package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** TLS of one listener. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerTls(@Nullable Boolean enabled, @Nullable TlsVersion minVersion) {}
