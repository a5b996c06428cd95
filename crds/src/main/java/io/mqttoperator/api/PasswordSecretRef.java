package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The key of a Secret, in the user's namespace, that holds a user's own password. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = UserRules.NAME_IS_NOT_THE_PASSWORD,
    message = UserRules.NAME_IS_NOT_THE_PASSWORD_MESSAGE,
    reason = Formats.INVALID,
    fieldPath = ".usernameKey")
public record PasswordSecretRef(
    @JsonPropertyDescription(
            "Name of the Secret. It must carry the label `mqttoperator.io/credentials: \"true\"`.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Formats.DNS_SUBDOMAIN)
        String name,
    @JsonPropertyDescription(
            "Key in the Secret. Its bytes are the password as they are: 1 to 1024 bytes of UTF-8 without NUL, carriage return or line feed.")
        @Default("password")
        @Size(min = 1, max = 253)
        @Pattern(Formats.SECRET_KEY)
        @Nullable String key,
    @JsonPropertyDescription(
            "Key in the Secret that holds the username, for tools that make name and password together. Then `spec.username` is not set, and the username follows the Secret: under another name the old one is refused on every pod and its sessions are ended first. It must say that it is a name: it holds `user`, `name` or `login`. Cannot be added or removed later.")
        @Size(min = 1, max = 253)
        @Pattern(Formats.SECRET_KEY)
        @ValidationRule(
            value = UserRules.SAYS_IT_IS_A_NAME,
            message = UserRules.SAYS_IT_IS_A_NAME_MESSAGE,
            reason = Formats.INVALID)
        @Nullable String usernameKey,
    @JsonPropertyDescription(
            "`Plain`: the password itself. `MosquittoHash`: its hash as `mosquitto_passwd` writes it after the colon (`$7$`, 1 to 10000 iterations), so that the password need not be in the cluster; the user's Secret then has no `password`.")
        @Default("Plain")
        @Nullable PasswordFormat format) {

  /** Of a user whose name is in its spec. */
  public PasswordSecretRef(String name, @Nullable String key, @Nullable PasswordFormat format) {
    this(name, key, null, format);
  }
}
