package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Topics, and what is allowed or denied there. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = RuleRules.ALLOW_NEEDS_ACCESS,
    message = RuleRules.ALLOW_NEEDS_ACCESS_MESSAGE,
    reason = "FieldValueRequired",
    fieldPath = ".access")
@ValidationRule(
    value = RuleRules.DENY_HAS_NO_ACCESS,
    message = RuleRules.DENY_HAS_NO_ACCESS_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".access")
@ValidationRule(
    value = RuleRules.SYS_IS_READ,
    message = RuleRules.SYS_IS_READ_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".access")
public record Rule(
    @JsonPropertyDescription(
            "Topic filters: 1 to 32 of 1 to 256 characters. `+` stands for one level, `#` for the rest; `{username}` and `{namespace}` for the user's name and namespace, each as a whole level. `#` covers no topic that begins with `$`; of those only `$SYS` and below can be named, to subscribe or deny.")
        @Required
        @Size(min = 1, max = 32)
        List<@Size(min = 1, max = 256) String> topics,
    @JsonPropertyDescription(
            "What is allowed: `Publish`, `Subscribe` or both; required for Allow, not given with Deny. `Subscribe` is enforced when a message is delivered: Mosquitto acknowledges every SUBSCRIBE, and then keeps back what is not allowed.")
        @Size(min = 1, max = 2)
        @Nullable List<Access> access,
    @JsonPropertyDescription(
            "`Allow` allows what `access` says; `Deny` denies both directions, and wins over every Allow for the same user.")
        @Default("Allow")
        @Nullable Effect effect) {}
