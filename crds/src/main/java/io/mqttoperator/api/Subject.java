package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Whom a rule is for: exactly one of these is set. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = RuleRules.ONE_KIND_OF_SUBJECT,
    message = RuleRules.ONE_KIND_OF_SUBJECT_MESSAGE,
    reason = Formats.INVALID)
public record Subject(
    @JsonPropertyDescription("Name of an MqttUser of this namespace, which need not exist yet.")
        @Size(min = 1, max = 63)
        @Pattern(Formats.DNS_SUBDOMAIN)
        @Nullable String user,
    @JsonPropertyDescription(
            "Labels of the MqttUsers of this namespace; an empty selector selects all.")
        @Nullable LabelSelector userSelector,
    @JsonPropertyDescription("`true`: all MqttUsers of this namespace, but not anonymous clients.")
        @ValidationRule(
            value = RuleRules.ONLY_TRUE,
            message = RuleRules.ONLY_TRUE_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Boolean allUsers,
    @JsonPropertyDescription("`true`: clients of `Anonymous` listeners.")
        @ValidationRule(
            value = RuleRules.ONLY_TRUE,
            message = RuleRules.ONLY_TRUE_MESSAGE,
            reason = Formats.INVALID)
        @Nullable Boolean anonymous) {}
