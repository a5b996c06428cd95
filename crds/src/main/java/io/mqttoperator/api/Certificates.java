package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** The broker's certificate authority and server certificate. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Certificates(
    @Nullable AuthorityCertificate authority, @Nullable ServerCertificate server) {}
