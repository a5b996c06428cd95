package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.Username;
import io.mqttoperator.operator.pki.CommonName;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether a user can have the name that its spec, or its own Secret, says. */
final class UsernameRules {

  private UsernameRules() {}

  /** Whether the username is one that the user's namespace may give. */
  static boolean isWithinTenancy(MqttUser user, String username) {
    return username.startsWith(UserObservation.tenantPrefix(user));
  }

  /** Whether it is a username, and one of the user's namespace. */
  static Optional<Verdict> form(UserObservation seen, Set<ClientAuthentication> listeners) {
    if (seen.followed().isPresent()) {
      return followed(seen, seen.followed().get().asked());
    }
    if (!isWithinTenancy(seen.user(), seen.username())) {
      return refusal(
          Reason.INVALID,
          "spec.username: in this namespace it begins with \"%s\", since the broker is another's."
              .formatted(UserObservation.tenantPrefix(seen.user())));
    }
    return Username.problem(seen.username())
        .map(
            problem ->
                Verdict.no(
                    Reason.INVALID,
                    "spec.username: %s. Without spec.username, metadata.name is the username."
                        .formatted(problem)));
  }

  /** What stands in the Secret is told to nobody who may not read it. */
  private static Optional<Verdict> followed(UserObservation seen, AskedName asked) {
    var reference = reference(seen);
    var where = "Secret %s, key %s".formatted(reference.name(), reference.usernameKey());
    return switch (asked) {
      case AskedName.Given given when !isWithinTenancy(seen.user(), given.value()) ->
          refusal(
              Reason.INVALID,
              "%s: a username of this namespace begins with \"%s\", since the broker is another's."
                  .formatted(where, UserObservation.tenantPrefix(seen.user())));
      case AskedName.Given given -> Optional.empty();
      case AskedName.Unusable unusable ->
          refusal(Reason.INVALID, "%s: %s.".formatted(where, unusable.problem()));
      case AskedName.KeyMissing missing ->
          refusal(
              Reason.SECRET_KEY_MISSING,
              "spec.password.secretRef: Secret %s has no key %s."
                  .formatted(reference.name(), missing.key()));
      // What is said of the password tells why.
      case AskedName.Unknown unknown -> Optional.empty();
    };
  }

  /** Where the password, and perhaps the name, of a user with one of its own is. */
  static PasswordSecretRef reference(UserObservation seen) {
    return Objects.requireNonNull(
        Objects.requireNonNull(seen.user().getSpec().password()).secretRef());
  }

  /** A common name holds no more (RFC 5280, appendix A.1). */
  static Optional<Verdict> commonName(UserObservation seen, Set<ClientAuthentication> listeners) {
    var spec = seen.user().getSpec();
    if (seen.asked().length() <= CommonName.MAX_LENGTH
        || (spec.certificate() == null && spec.preSharedKey() == null)) {
      return Optional.empty();
    }
    // Sessions of a key are ended with a certificate of that name.
    return refusal(
        Reason.USERNAME_TOO_LONG,
        ("The username has %d characters, and a %s holds %d at most. Make the user anew with a"
                + " shorter name.")
            .formatted(
                seen.asked().length(),
                spec.certificate() == null ? "pre-shared key's name" : "certificate",
                CommonName.MAX_LENGTH));
  }

  /** Whether it is another's. */
  static Optional<Verdict> conflict(UserObservation seen, Set<ClientAuthentication> listeners) {
    if (Objects.equals(seen.claimant().getMetadata().getUid(), seen.uid())) {
      return Optional.empty();
    }
    var holder = seen.claimant().getMetadata();
    var isNeighbour = holder.getNamespace().equals(seen.user().getMetadata().getNamespace());
    return Optional.of(
        Verdict.no(
            Reason.USERNAME_CONFLICT,
            "The username %s belongs to MqttUser %s, which was first. Choose another username."
                .formatted(
                    seen.followed().isPresent()
                        ? "in Secret " + reference(seen).name()
                        : seen.username(),
                    isNeighbour ? holder.getName() : "of another namespace")));
  }

  private static Optional<Verdict> refusal(Reason reason, String message) {
    return Optional.of(Verdict.no(reason, message));
  }
}
