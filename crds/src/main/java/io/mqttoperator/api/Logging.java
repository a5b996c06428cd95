package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the broker writes to its container's log. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Logging(
    @JsonPropertyDescription(
            "Mosquitto's types of log lines: at most 10; `all` and `none` stand alone. `error` is always logged: the operator reads it to say why a broker failed. `debug` names each packet's client and topic. Restarts no pod.")
        @Default("[\"error\", \"warning\", \"notice\"]")
        @Size(max = 10)
        @ValidationRule(
            value = LimitRules.ALONE,
            message = LimitRules.ALONE_MESSAGE,
            reason = Formats.INVALID)
        @Nullable List<LogType> types,
    @JsonPropertyDescription(
            "Whether each connection and its end is logged (with type `notice`). Restarts no pod.")
        @Default("true")
        @Nullable Boolean connections) {}
