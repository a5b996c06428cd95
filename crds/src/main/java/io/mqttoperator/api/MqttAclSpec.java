package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Rules, and whom they are for. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = ReferenceRules.SAME_BROKER,
    message = ReferenceRules.SAME_BROKER_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".brokerRef")
@ValidationRule(
    value = RuleRules.ANONYMOUS_HAS_NO_NAME,
    message = RuleRules.ANONYMOUS_HAS_NO_NAME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".rules")
public record MqttAclSpec(
    @JsonPropertyDescription("The broker that these rules are for. Cannot be changed.") @Required
        BrokerRef brokerRef,
    @JsonPropertyDescription("Whom the rules are for: 1 to 64. Restarts no pod.")
        @Required
        @Size(min = 1, max = 64)
        List<Subject> subjects,
    @JsonPropertyDescription(
            "What is allowed and denied: 1 to 64 rules. Nothing is allowed that no rule of any MqttAcl allows, and a Deny of any MqttAcl wins over every Allow for the same user. Restarts no pod.")
        @Required
        @Size(min = 1, max = 64)
        List<Rule> rules) {}
