package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Namespaces whose users and ACLs a broker takes, and how far. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tenant(
    @JsonPropertyDescription("Name of this entry: a DNS label of at most 63 characters.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Formats.DNS_LABEL)
        String name,
    @JsonPropertyDescription(
            "Labels of the namespaces; an empty selector selects all. The broker's own namespace is never a tenant. An operator that may not read Namespaces knows their names alone: there a selector of anything but `kubernetes.io/metadata.name` selects none.")
        @Required
        LabelSelector namespaceSelector,
    @JsonPropertyDescription(
            "Topic filters within which ACLs of these namespaces may allow: at most 64 of 1 to 256 characters; none: nothing. `{namespace}` stands for the name of the tenant's namespace, as a whole level.")
        @Size(max = 64)
        @Nullable List<@Size(min = 1, max = 256) String> topics,
    @JsonPropertyDescription(
            "Users that each of these namespaces may have: 1 to 100000, oldest first.")
        @Default("1000")
        @Min(1)
        @Max(100_000)
        @Nullable Integer maxUsers,
    @JsonPropertyDescription(
            "Rules that the ACLs of each of these namespaces may hold together: 1 to 100000, oldest ACLs first. Written out, a line for each topic and user, they may come to 100 lines for each of `maxUsers`.")
        @Default("1000")
        @Min(1)
        @Max(100_000)
        @Nullable Integer maxRules) {}
