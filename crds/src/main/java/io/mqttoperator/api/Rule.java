package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Topics, and what is allowed or denied there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rule(List<String> topics, @Nullable List<Access> access, @Nullable Effect effect) {}
