package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** What a client may ask of the broker. What is left out is Mosquitto's own. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Limits(
    @JsonPropertyDescription(
            "Bytes of the largest MQTT packet that the broker takes: 256 to 268435455. Who sends a larger one is disconnected; MQTT 5 clients are told the limit, and the reason (0x95). Default: Mosquitto's 2000000. Restarts Mosquitto inside the pod.")
        @Min(256)
        @Max(268_435_455)
        @Nullable Integer maxPacketSize,
    @JsonPropertyDescription(
            "QoS 1 and 2 messages on their way to a client, or from it, that are not acknowledged yet: 1 to 65535. With 1, messages are delivered in order also when they are sent again. Default: Mosquitto's 20. Restarts Mosquitto inside the pod.")
        @Min(1)
        @Max(65_535)
        @Nullable Integer maxInflightMessages,
    @JsonPropertyDescription(
            "Payload bytes of the QoS 1 and 2 messages on their way to a client: 1 to 2147483647. A single larger message is sent by itself. Default: no limit. Counts in what the pod's memory must hold. Restarts Mosquitto inside the pod.")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer maxInflightBytes,
    @JsonPropertyDescription(
            "Messages that wait for a client, connected or not, beyond those on their way: 1 to 2147483647. Further ones are dropped for that client. Default: Mosquitto's 1000. Restarts Mosquitto inside the pod.")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer maxQueuedMessages,
    @JsonPropertyDescription(
            "Payload bytes of the messages that wait for a client: 1 to 2147483647. Further ones are dropped for that client. Default: no limit. Counts in what the pod's memory must hold. Restarts Mosquitto inside the pod.")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer maxQueuedBytes,
    @JsonPropertyDescription(
            "Seconds of the longest keep-alive: 1 to 65535. An MQTT 5 client that asks for more, or for none, is told to use this one; an MQTT 3.1.1 client is refused (identifier rejected). Default: no limit. Restarts Mosquitto inside the pod.")
        @Min(1)
        @Max(65_535)
        @Nullable Integer maxKeepAlive,
    @JsonPropertyDescription(
            "Topic aliases that an MQTT 5 client may use on a connection: 0 to 65535. Default: Mosquitto's 10. Restarts no pod; holds for new connections.")
        @Min(0)
        @Max(65_535)
        @Nullable Integer maxTopicAliases,
    @JsonPropertyDescription(
            "The highest QoS that a client may publish with: 0 to 2. MQTT 5 clients are told; who publishes with a higher one is disconnected (0x9b). Default: 2. Restarts no pod.")
        @Min(0)
        @Max(2)
        @Nullable Integer maxQos,
    @JsonPropertyDescription(
            "How long a session outlives its connection, with the messages that wait for it: a duration, 1s to 87600h. A client that asks for less gets less. Default: as long as the client asks; for MQTT 3.1.1, for ever. Restarts no pod; holds for sessions whose client disconnects after the change.")
        @Size(min = 2, max = Formats.DURATION_LENGTH)
        @ValidationRule(
            value = Formats.DURATION,
            message = Formats.DURATION_MESSAGE,
            reason = Formats.INVALID)
        @ValidationRule(
            value = LimitRules.A_SECOND_TO_TEN_YEARS,
            message = LimitRules.A_SECOND_TO_TEN_YEARS_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String sessionExpiry,
    @JsonPropertyDescription(
            "Heap memory that the broker does not grow past: a quantity, 4Mi to 1Ti. A client whose message finds no room is disconnected, a new connection is closed. A broker that is full ends and starts again when it has to read changed users or rules. Must fit the pod's memory limit. Default: no limit but the pod's, at which the kernel kills the broker. Setting or removing it restarts Mosquitto inside the pod; another value restarts no pod.")
        @Nullable Quantity memory) {}
