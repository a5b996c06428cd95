package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The certificate authority of a broker. Durations as in {@code 8760h}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = CertificateRules.RENEWED_IN_TIME,
    message = CertificateRules.RENEWED_IN_TIME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".renewBefore")
public record AuthorityCertificate(
    @JsonPropertyDescription(
            "A Secret of type `kubernetes.io/tls` with a CA of your own: `tls.crt` (its certificate, then those above it), `tls.key` and, for clients to trust, `ca.crt`. The other fields then have no effect. Default: a generated CA. A change restarts no pod; clients must trust the new one.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription(
            "Algorithm and size of the key. Taken when the next CA is made. Restarts no pod.")
        @Default("EcdsaP256")
        @Nullable KeyAlgorithm keyAlgorithm,
    @JsonPropertyDescription(
            "How long a CA certificate is valid: a duration of at least 1h. Restarts no pod.")
        @Default("87600h")
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
            "How long before its end the CA is replaced by another one: a duration, at most 90 % of `validity`. Default: 8760h, or a third of `validity` where that is less. Restarts no pod.")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String renewBefore,
    @JsonPropertyDescription(
            "How long, at a change from one CA to the next, the former one is trusted after all that it had issued was replaced: a duration of 0s or more. Lower it to end that sooner. Restarts no pod.")
        @Default("168h")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String overlap,
    @JsonPropertyDescription(
            "Raise it to change to another CA now, by stages: 1 or more. Lowered while the CA of that generation is still trusted, that one issues again. Restarts no pod.")
        @Default("1")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer generation,
    @JsonPropertyDescription(
            "Whether the CA outlives the broker. If so, a broker that is made again under the same name takes it up, and its clients need no new trust.")
        @Default("true")
        @Nullable Boolean retain) {}
