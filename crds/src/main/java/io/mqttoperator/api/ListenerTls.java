package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS of one listener. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerTls(
    @JsonPropertyDescription(
            "Whether connections are encrypted. Where false, passwords and messages can be read on the way: `status.warnings` says so. A change restarts Mosquitto inside the pod.")
        @Default("true")
        @Nullable Boolean enabled,
    @JsonPropertyDescription(
            "The lowest TLS version accepted. Where a listener of the broker takes pre-shared keys, `1.2` is the only one. A change restarts Mosquitto inside the pod.")
        @Default("\"1.2\"")
        @Nullable TlsVersion minVersion,
    @JsonPropertyDescription(
            "The ciphers of TLS 1.2, by their OpenSSL names, in order of preference: at most 32. Default: OpenSSL's; on a `PreSharedKey` listener those that are forward secret. A change restarts Mosquitto inside the pod.")
        @Size(min = 1, max = 32)
        @Nullable List<@Size(min = 1, max = 64) String> ciphers,
    @JsonPropertyDescription(
            "The cipher suites of TLS 1.3, by their OpenSSL names, in order of preference. Default: OpenSSL's. Not where a listener of the broker takes pre-shared keys. A change restarts Mosquitto inside the pod.")
        @Size(min = 1, max = 8)
        @Nullable List<@Size(min = 1, max = 64) String> cipherSuites,
    @JsonPropertyDescription(
            "A Secret of type `kubernetes.io/tls` with this listener's own server certificate: `tls.crt` (its chain, its own certificate first), `tls.key` and, for clients to trust, `ca.crt`. Default: the broker's certificate. A change restarts no pod.")
        @Nullable SecretRef secretRef) {}
