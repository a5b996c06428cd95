package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** The generated certificate authority of a broker. Durations as in {@code 8760h}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuthorityCertificate(
    @Nullable KeyAlgorithm keyAlgorithm,
    @Nullable String validity,
    @Nullable String renewBefore,
    @Nullable Boolean retain) {}
