package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server certificate that the broker shows to clients. Durations as in {@code 2160h}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = CertificateRules.RENEWED_IN_TIME,
    message = CertificateRules.RENEWED_IN_TIME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".renewBefore")
public record ServerCertificate(
    @JsonPropertyDescription(
            "A Secret of type `kubernetes.io/tls` with a certificate of your own: `tls.crt` (its chain, the server's certificate first), `tls.key` and, for clients to trust, `ca.crt`. The other fields then have no effect. Default: the authority issues one. A change restarts no pod.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription(
            "Algorithm and size of the key. A change issues the certificate anew. Restarts no pod.")
        @Default("EcdsaP256")
        @Nullable KeyAlgorithm keyAlgorithm,
    @JsonPropertyDescription(
            "How long the certificate is valid: a duration of at least 1h. Restarts no pod.")
        @Default("2160h")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = CertificateRules.AN_HOUR_OR_MORE,
            message = CertificateRules.AN_HOUR_OR_MORE_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String validity,
    @JsonPropertyDescription(
            "How long before its end the certificate is renewed: a duration, at most 90 % of `validity`. Default: a third of `validity`, at most 720h. Restarts no pod.")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String renewBefore,
    @JsonPropertyDescription(
            "Raise it to issue the certificate anew now: 1 or more. Restarts no pod.")
        @Default("1")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer generation,
    @JsonPropertyDescription(
            "More names by which clients reach the broker: at most 32 DNS names (the first label may be `*`) or IP addresses. Restarts no pod.")
        @Size(max = 32)
        @Nullable List<@Size(min = 1, max = 253) String> additionalNames) {}
