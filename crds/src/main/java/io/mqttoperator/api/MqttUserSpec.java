package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What is asked for one user. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = ReferenceRules.SAME_BROKER,
    message = ReferenceRules.SAME_BROKER_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".brokerRef")
@ValidationRule(
    value = ReferenceRules.SAME_USERNAME,
    message = ReferenceRules.SAME_USERNAME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".username")
@ValidationRule(
    value = UserRules.FITS_A_CERTIFICATE,
    message = UserRules.FITS_A_CERTIFICATE_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".username")
@ValidationRule(
    value = UserRules.ONE_NAME,
    message = UserRules.ONE_NAME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".username")
@ValidationRule(
    value = UserRules.SAME_SOURCE_OF_NAME,
    message = UserRules.SAME_SOURCE_OF_NAME_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".password")
public record MqttUserSpec(
    @JsonPropertyDescription("The broker that the user may connect to. Cannot be changed.")
        @Required
        BrokerRef brokerRef,
    @JsonPropertyDescription(
            "The name to connect with: 1 to 128 letters, digits, `.`, `_`, `@` and `-`, at most 64 for a user with a certificate or a pre-shared key. Default: the object's name. The first MqttUser of a broker to claim a name keeps it. Cannot be set, changed or removed later.")
        @Size(min = 1, max = 128)
        @ValidationRule(
            value = UserRules.USERNAME,
            message = UserRules.USERNAME_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String username,
    @JsonPropertyDescription(
            "Whether the user is shut out: logins are refused, sessions ended, certificates revoked; the Secret stays. Restarts no pod.")
        @Default("false")
        @Nullable Boolean disabled,
    @JsonPropertyDescription(
            "The password. Default: a generated one; none for a user with a certificate or a pre-shared key. Restarts no pod.")
        @Nullable UserPassword password,
    @JsonPropertyDescription(
            "A client certificate, issued by the broker's CA, whose common name is the username. Default: none. Removing it revokes it. Restarts no pod.")
        @Nullable UserCertificate certificate,
    @JsonPropertyDescription(
            "A key that the user shares with the broker, for devices too small for certificates; the username is the identity (TLS-PSK, RFC 4279). Default: none. Removing it ends the user's sessions. Restarts no pod.")
        @Nullable UserPreSharedKey preSharedKey,
    @JsonPropertyDescription(
            "The Secret that the operator writes for the user, with all that is needed to connect.")
        @Nullable UserSecret secret) {

  /** Of a user without a pre-shared key. */
  public MqttUserSpec(
      BrokerRef brokerRef,
      @Nullable String username,
      @Nullable Boolean disabled,
      @Nullable UserPassword password,
      @Nullable UserCertificate certificate,
      @Nullable UserSecret secret) {
    this(brokerRef, username, disabled, password, certificate, null, secret);
  }

  /** Of a user with a password alone. */
  public MqttUserSpec(
      BrokerRef brokerRef,
      @Nullable String username,
      @Nullable Boolean disabled,
      @Nullable UserPassword password,
      @Nullable UserSecret secret) {
    this(brokerRef, username, disabled, password, null, null, secret);
  }
}
