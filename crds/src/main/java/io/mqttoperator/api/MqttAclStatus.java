package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has seen of an ACL. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttAclStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable Integer matchedUsers) {}
