package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From where users and ACLs may come, besides the broker's own namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TenantAccess(
    @JsonPropertyDescription(
            "Other namespaces that may have users and ACLs here: at most 64. A namespace that several of them select may grant within the topics of each, and has the largest of their quotas. Restarts no pod.")
        @Size(max = 64)
        @Nullable List<Tenant> tenants) {}
