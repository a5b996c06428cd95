package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A user's password: generated, or the user's own from a Secret. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = UserRules.OWN_PASSWORD_IS_HASHED,
    message = UserRules.OWN_PASSWORD_IS_HASHED_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".iterations")
public record UserPassword(
    @JsonPropertyDescription(
            "The user's own password, in a Secret of the same namespace. Default: the operator generates one.")
        @Nullable PasswordSecretRef secretRef,
    @JsonPropertyDescription("Raise it to have another password generated: 1 or more.")
        @Default("1")
        @Min(1)
        @Max(Integer.MAX_VALUE)
        @Nullable Integer generation,
    @JsonPropertyDescription(
            "PBKDF2 iterations for the user's own password, where it is weaker or matters more than others: 1 to 10000. Default: the broker's `passwords.iterations`, which in a tenant's namespace is also the most. Mosquitto repeats them for each connected client of the user at each reload, on its only thread. Not for a generated password, nor for a `MosquittoHash`, which says its own. Restarts no pod.")
        @Min(1)
        @Max(10_000)
        @Nullable Integer iterations) {

  /** Of one that is hashed as the broker says. */
  public UserPassword(@Nullable PasswordSecretRef secretRef, @Nullable Integer generation) {
    this(secretRef, generation, null);
  }
}
