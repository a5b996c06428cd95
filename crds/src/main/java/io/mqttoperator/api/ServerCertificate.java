package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server certificate that the broker shows to clients. Durations as in {@code 2160h}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerCertificate(
    @Nullable KeyAlgorithm keyAlgorithm,
    @Nullable String validity,
    @Nullable String renewBefore,
    @Nullable Integer generation,
    @Nullable List<String> additionalNames) {}
