package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has seen of a user. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttUserStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable String username,
    @Nullable Binding binding,
    @Nullable Credential credential) {

  /** The Secret to connect with, as the Service Binding specification names it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Binding(String name) {}

  /** The version of the user's own Secret that is proven on every running pod. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Credential(String secret, String resourceVersion) {}
}
