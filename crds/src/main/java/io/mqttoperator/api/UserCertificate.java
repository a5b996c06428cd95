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

/** A user's client certificate. Durations as in {@code 2160h}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = CertificateRules.RENEWED_IN_TIME,
    message = CertificateRules.RENEWED_IN_TIME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".renewBefore")
@ValidationRule(
    value = CertificateRules.KEY_FOR_PKCS12,
    message = CertificateRules.KEY_FOR_PKCS12_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".pkcs12")
public record UserCertificate(
    @JsonPropertyDescription(
            "A certificate signing request (PKCS#10, in PEM) by which a key that never leaves its device gets a certificate: at most 16384 characters. Its common name is the username, or it has none; what else it asks for is not looked at. The Secret then has no `tls.key`. Another request is signed at once; what was issued before stays valid until its end.")
        @Size(min = 1, max = 16_384)
        @ValidationRule(
            value = CertificateRules.SIGNING_REQUEST,
            message = CertificateRules.SIGNING_REQUEST_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String csr,
    @JsonPropertyDescription(
            "Algorithm and size of the key, where there is no `csr`. A change issues the certificate anew; the old one stays valid until its end.")
        @Default("EcdsaP256")
        @Nullable KeyAlgorithm keyAlgorithm,
    @JsonPropertyDescription(
            "Whether a renewal makes another key. `Always`: yes. `Never`: it keeps the key, for devices that pin it. A raised `generation` and a lost Secret make another one in any case.")
        @Default("Always")
        @Nullable KeyRotation keyRotation,
    @JsonPropertyDescription(
            "How long the certificate is valid: a duration of at least 1h. Cut off at the CA's end. A change issues the certificate anew; the old one stays valid until its end.")
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
            "How long before its end the certificate is renewed: a duration, at most 90 % of `validity`. Default: a third of `validity`, at most 720h. It is renewed a little earlier (by up to a tenth of the time until then), so that many issued on one day are not renewed on one day.")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String renewBefore,
    @JsonPropertyDescription(
            "Whether the Secret also has certificate and key as PKCS#12, in `user.p12`, and the password of that file, in `user.password`. Not with `csr`.")
        @Default("false")
        @Nullable Boolean pkcs12,
    @JsonPropertyDescription(
            "Raise it to replace a certificate that may have been stolen: 1 or more. Another one is issued, all earlier ones are revoked, and the user's sessions end.")
        @Default("1")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer generation) {}
