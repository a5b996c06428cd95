package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has seen of an ACL. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttAclStatus(
    @JsonPropertyDescription(
            "The `metadata.generation` that this status is about; -1 before the operator has seen the object.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "`Accepted`: the spec and all it refers to are valid. `Enforced`: every running pod has been seen to enforce the rules. `Ready`: both. `Reconciling` or `Stalled` is there while it applies.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("How many MqttUsers the subjects match now.")
        @Nullable Integer matchedUsers) {}
