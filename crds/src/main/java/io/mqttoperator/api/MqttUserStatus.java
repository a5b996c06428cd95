package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has seen of a user. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttUserStatus(
    @JsonPropertyDescription(
            "The `metadata.generation` that this status is about; -1 before the operator has seen the object.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "`Accepted`: the spec and all it refers to are valid. `Enforced`: every running pod has been seen to hold the credential and rules (of a disabled user: to be without). `Ready`: both. `Reconciling`, `Stalled` or `CertificateOverdue` is there while it applies.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription(
            "The name to connect with. Of a user whose Secret says its name: the one that is proven.")
        @Nullable String username,
    @JsonPropertyDescription(
            "The name that is this user's next, as its Secret says: nobody else can claim it, and it is on its way to the pods.")
        @Nullable String pendingUsername,
    @JsonPropertyDescription(
            "The Secret to connect with, as the Service Binding specification names it.")
        @Nullable Binding binding,
    @JsonPropertyDescription("The newest certificate, where the user has one.")
        @Nullable UserCertificateStatus certificate,
    @JsonPropertyDescription(
            "The version of the user's own Secret that is proven on every running pod: wait for it after a change. That of the password; of a user that brings a pre-shared key alone, that of the key.")
        @Nullable Credential credential,
    @JsonPropertyDescription(
            "The version of the Secret of the user's own pre-shared key that is proven on every running pod.")
        @Nullable Credential preSharedKey) {

  /** Of a user without a pre-shared key of its own. */
  public MqttUserStatus(
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable String username,
      @Nullable String pendingUsername,
      @Nullable Binding binding,
      @Nullable UserCertificateStatus certificate,
      @Nullable Credential credential) {
    this(
        observedGeneration,
        conditions,
        username,
        pendingUsername,
        binding,
        certificate,
        credential,
        null);
  }

  /** Of a user without a certificate. */
  public MqttUserStatus(
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable String username,
      @Nullable Binding binding,
      @Nullable Credential credential) {
    this(observedGeneration, conditions, username, null, binding, null, credential);
  }

  /** Of a user whose name is in its spec. */
  public MqttUserStatus(
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable String username,
      @Nullable Binding binding,
      @Nullable UserCertificateStatus certificate,
      @Nullable Credential credential) {
    this(observedGeneration, conditions, username, null, binding, certificate, credential);
  }

  /** The Secret to connect with, as the Service Binding specification names it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Binding(@JsonPropertyDescription("Name of the Secret.") @Required String name) {}

  /** The newest certificate. Times in RFC 3339, the serial in lower-case hex. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record UserCertificateStatus(
      @JsonPropertyDescription("Serial number in lower-case hex.") @Required String serial,
      @JsonPropertyDescription("When it ends (RFC 3339).") @Required String notAfter,
      @JsonPropertyDescription(
              "When it is renewed (RFC 3339). The old one stays valid until its end.")
          @Required
          String renewAt) {}

  /** The version of the user's own Secret that is proven on every running pod. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Credential(
      @JsonPropertyDescription("Name of the Secret.") @Required String secret,
      @JsonPropertyDescription("The Secret's `metadata.resourceVersion`.") @Required
          String resourceVersion) {}
}
