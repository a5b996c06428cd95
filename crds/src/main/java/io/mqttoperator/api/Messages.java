package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** What the broker keeps of messages. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Messages(
    @JsonPropertyDescription(
            "Whether messages may be retained. Where not, MQTT 5 clients are told, and who publishes a retained message is disconnected (0x9a). Restarts Mosquitto inside the pod.")
        @Default("true")
        @Nullable Boolean retain,
    @JsonPropertyDescription(
            "Whether QoS 0 messages wait for a client that is away, as those of QoS 1 and 2 do. Restarts no pod.")
        @Default("false")
        @Nullable Boolean queueQos0) {}
