package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A port of the broker, and how clients prove there who they are. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = ListenerRules.ANONYMOUS_TAKES_ANY,
    message = ListenerRules.ANONYMOUS_TAKES_ANY_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".clientId")
@ValidationRule(
    value = ListenerRules.CHOSEN_CLIENT_ID,
    message = ListenerRules.CHOSEN_CLIENT_ID_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".clientId")
@ValidationRule(
    value = ListenerRules.PROVEN_BY_TLS,
    message = ListenerRules.PROVEN_BY_TLS_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".tls.enabled")
@ValidationRule(
    value = ListenerRules.PROXY_ENDS_TLS,
    message = ListenerRules.PROXY_ENDS_TLS_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".proxyProtocol")
@ValidationRule(
    value = ListenerRules.KEY_NEEDS_TLS_1_2,
    message = ListenerRules.KEY_NEEDS_TLS_1_2_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".tls.minVersion")
@ValidationRule(
    value = ListenerRules.KEY_HAS_NO_SUITES,
    message = ListenerRules.KEY_HAS_NO_SUITES_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".tls.cipherSuites")
@ValidationRule(
    value = ListenerRules.KEY_HAS_NO_CERTIFICATE,
    message = ListenerRules.KEY_HAS_NO_CERTIFICATE_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".tls.secretRef")
@ValidationRule(
    value = ListenerRules.CIPHERS_FIT,
    message = ListenerRules.CIPHERS_FIT_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".tls.ciphers")
public record Listener(
    @JsonPropertyDescription(
            "Name of the listener and of its Service port: a DNS label of at most 15 characters, unique, not `pods`. Adding, renaming or removing a listener restarts Mosquitto inside the pod.")
        @Required
        @Size(min = 1, max = 15)
        @ValidationRule(
            value = ListenerRules.NAME,
            message = ListenerRules.NAME_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = ListenerRules.NOT_PODS,
            message = ListenerRules.NOT_PODS_MESSAGE,
            reason = Formats.INVALID)
        String name,
    @JsonPropertyDescription(
            "Port in the pod: 1024 to 65535, unique, not 8884 (the operator's own). A change restarts Mosquitto inside the pod.")
        @Required
        @Min(1024)
        @Max(65535)
        @ValidationRule(
            value = ListenerRules.NOT_THE_OPERATORS,
            message = ListenerRules.NOT_THE_OPERATORS_MESSAGE,
            reason = Formats.INVALID)
        Integer port,
    @JsonPropertyDescription(
            "What the listener speaks. `Mqtt`: MQTT over TCP. `Websockets`: MQTT in WebSockets, for browsers and proxies, at any path, with the subprotocol `mqtt`; nothing else. A change restarts Mosquitto inside the pod.")
        @Default("Mqtt")
        @Nullable Transport transport,
    @JsonPropertyDescription(
            "How clients prove who they are. `Password`: username and password of an MqttUser. `Certificate`: the certificate of an MqttUser, whose common name is the username. `CertificateAndPassword`: a certificate of any MqttUser, and username and password of an MqttUser; Mosquitto does not compare the two: A's certificate with B's password gets in as B. `PreSharedKey`: a key that an MqttUser shares with the broker, in TLS 1.2 alone, of which all listeners of the broker then are; the listener shows no certificate. `Anonymous`: not at all; such clients may do what an MqttAcl allows to the subject `anonymous`. A change restarts Mosquitto inside the pod.")
        @Default("Password")
        @Nullable Authentication authentication,
    @JsonPropertyDescription(
            "Who chooses the client id. `Username`: the broker sets it to the username, so there is one connection for each user and pod, and nobody can take over another's session. `Any`: the client; it can then take over any session of the broker, also one of a `Username` listener. Default: `Username`; `Any` where `authentication` is `Anonymous`, which takes nothing else. Where there is a certificate or a pre-shared key, `Username` is the only one. A change restarts Mosquitto inside the pod.")
        @Nullable ClientIdPolicy clientId,
    @JsonPropertyDescription(
            "Accepts that clients of this listener, whose `clientId` is `Any`, can take over the sessions of the broker's `Username` listeners. Needed where there are both.")
        @Default("false")
        @Nullable Boolean acceptTakeover,
    @JsonPropertyDescription(
            "Connections at one time, for each pod: 1 to 1000000. One more is closed as soon as it is made. The pod's memory and file descriptors are derived from the sum over all listeners. A change restarts no pod; more than the pod's memory holds is refused (`TooLarge`).")
        @Default("1000")
        @Min(1)
        @Max(1_000_000)
        @Nullable Integer maxConnections,
    @JsonPropertyDescription("TLS of this listener.") @Default("{}") @Nullable ListenerTls tls,
    @JsonPropertyDescription("How the listener is reached.") @Default("{}")
        @Nullable ListenerService service,
    @JsonPropertyDescription(
            "`V1`, `V2`: every connection begins with a header of this version of the PROXY protocol, in which a proxy or load balancer says who its client is; the broker's log then has that address. A connection without it is closed. Whoever reaches the listener can state any address: let in the proxies alone, by `allowedPeers`. Needs `tls.enabled: false`: the proxy ends TLS. Default: none. A change restarts Mosquitto inside the pod.")
        @Nullable ProxyProtocol proxyProtocol,
    @JsonPropertyDescription(
            "The pods and addresses that may connect to the listener: 1 to 16 peers as in a Kubernetes NetworkPolicy. Default: any. The network of the cluster must enforce NetworkPolicies. A change restarts no pod; connections that are there may stay.")
        @Size(max = 16)
        @ValidationRule(
            value = PeerRules.AT_LEAST_ONE,
            message = PeerRules.AT_LEAST_ONE_MESSAGE,
            reason = Formats.INVALID)
        @Nullable List<NetworkPolicyPeer> allowedPeers) {}
