package io.mqttoperator.operator.access;

import io.mqttoperator.operator.access.OwnPassword.Absent;
import io.mqttoperator.operator.access.OwnPassword.Found;
import io.mqttoperator.operator.access.OwnPassword.KeyMissing;
import io.mqttoperator.operator.access.OwnPassword.NotOffered;
import io.mqttoperator.operator.access.OwnPassword.TooSlow;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether a user is accepted: an ordered list of small checks, of which the first to fail says why.
 */
public final class UserRules {

  /** One check: the reason and message of a refusal, or nothing. */
  @FunctionalInterface
  private interface Check {
    Optional<Verdict> refuse(UserObservation seen, Set<ClientAuthentication> listeners);
  }

  private static final List<Check> CHECKS =
      List.of(
          UserRules::standing,
          UsernameRules::form,
          UsernameRules::commonName,
          UsernameRules::conflict,
          UserRules::secretName,
          UserRules::listener,
          UserRules::ownPassword,
          UserRules::ownKey);

  /** What follows the broker's name in those of its Secrets. */
  private static final Pattern BROKERS_SECRET =
      Pattern.compile(
          "-(ca|server|operator|internal|bridge|sessions|(revocations|files)(-[0-9]+)?)");

  private UserRules() {}

  /**
   * The verdict for {@code Accepted}.
   *
   * @param listeners how clients prove on the broker's listeners who they are
   */
  public static Verdict check(UserObservation seen, Set<ClientAuthentication> listeners) {
    return CHECKS.stream()
        .flatMap(check -> check.refuse(seen, listeners).stream())
        .findFirst()
        .orElseGet(() -> Verdict.yes(Reason.ACCEPTED, "The user is valid."));
  }

  private static Optional<Verdict> standing(
      UserObservation seen, Set<ClientAuthentication> listeners) {
    var namespace = seen.user().getMetadata().getNamespace();
    return switch (seen.standing()) {
      case Standing.Member member -> Optional.empty();
      case Standing.OverQuota quota ->
          refusal(
              Reason.QUOTA_EXCEEDED,
              ("The broker's quota: namespace %s may have %d users (maxUsers), and has as many that"
                      + " are older. Ask its owner for more, or delete users.")
                  .formatted(namespace, quota.most()));
      case Standing.Outsider outsider ->
          Optional.of(notAllowed(namespace, seen.user().getSpec().brokerRef().namespace()));
    };
  }

  /**
   * A broker that does not take a namespace's users looks from there as if there were none.
   *
   * @param referenced the namespace that the reference names
   */
  static Verdict notAllowed(String own, @org.jspecify.annotations.Nullable String referenced) {
    return Verdict.no(
        Reason.NAMESPACE_NOT_ALLOWED,
        "spec.brokerRef: no broker in namespace %s takes users and ACLs from namespace %s."
            .formatted(Objects.requireNonNullElse(referenced, own), own));
  }

  /**
   * Refuses the names of the broker's own Secrets, whether they are there or not: the shards of its
   * files come with its users. A Secret of another broker is found when it is there.
   */
  private static Optional<Verdict> secretName(
      UserObservation seen, Set<ClientAuthentication> listeners) {
    var broker = seen.user().getSpec().brokerRef().name();
    var name = UserObservation.secretName(seen.user());
    var isReserved =
        name.startsWith(broker)
            && BROKERS_SECRET.matcher(name.substring(broker.length())).matches();
    return isReserved
        ? refusal(
            Reason.NAME_TAKEN,
            "spec.secret.name: Secret %s is one of the broker's own. Choose another name."
                .formatted(name))
        : Optional.empty();
  }

  private static Optional<Verdict> listener(
      UserObservation seen, Set<ClientAuthentication> listeners) {
    var held = CredentialKind.of(seen.user());
    if (listeners.stream().anyMatch(listener -> CredentialKind.open(held, listener))) {
      return Optional.empty();
    }
    return refusal(
        Reason.NO_LISTENER,
        held.contains(CredentialKind.CERTIFICATE)
            ? "No listener of the broker takes the user's certificate. Add one with authentication: "
                + "Certificate."
            : held.contains(CredentialKind.PRE_SHARED_KEY)
                ? "No listener of the broker takes the user's pre-shared key. Add one with"
                    + " authentication: PreSharedKey."
                : "No listener of the broker takes a password. Add one with authentication: "
                    + "Password.");
  }

  private static Optional<Verdict> ownPassword(
      UserObservation seen, Set<ClientAuthentication> listeners) {
    return seen.ownPassword().flatMap(found -> refused(seen, found));
  }

  private static Optional<Verdict> ownKey(
      UserObservation seen, Set<ClientAuthentication> listeners) {
    return seen.preSharedKey().own().flatMap(found -> OwnKeyRules.refuse(seen.user(), found));
  }

  private static Optional<Verdict> refused(UserObservation seen, OwnPassword found) {
    var name = UsernameRules.reference(seen).name();
    return switch (found) {
      case Absent absent ->
          refusal(
              Reason.SECRET_NOT_FOUND,
              "spec.password.secretRef: there is no Secret %s in this namespace.".formatted(name));
      case NotOffered notOffered ->
          refusal(
              Reason.SECRET_NOT_LABELLED,
              "spec.password.secretRef: Secret %s is not labelled %s: \"true\", by which its owner "
                      .formatted(name, Labels.CREDENTIALS)
                  + "offers it to the operator.");
      case KeyMissing keyMissing ->
          refusal(
              Reason.SECRET_KEY_MISSING,
              "spec.password.secretRef: Secret %s has no key %s."
                  .formatted(name, keyMissing.key()));
      case TooSlow slow ->
          refusal(
              Reason.INVALID_PASSWORD,
              ("%s %d iterations, and in this namespace it may have %d (the broker's"
                      + " passwords.iterations): Mosquitto repeats them for each client at each"
                      + " change.")
                  .formatted(
                      slow.isHash()
                          ? "Secret %s: the hash has".formatted(name)
                          : "spec.password.iterations: the password is to have",
                      slow.iterations(),
                      slow.most()));
      case Found password ->
          problem(password)
              .flatMap(
                  problem ->
                      refusal(Reason.INVALID_PASSWORD, "Secret %s: %s.".formatted(name, problem)));
    };
  }

  private static Optional<String> problem(Found password) {
    if (!password.isHash()) {
      return PasswordHash.passwordProblem(password.bytes().toBytes());
    }
    try {
      Password.hash(password.bytes());
      return Optional.empty();
    } catch (IllegalArgumentException noHash) {
      return Optional.ofNullable(noHash.getMessage());
    }
  }

  private static Optional<Verdict> refusal(Reason reason, String message) {
    return Optional.of(Verdict.no(reason, message));
  }
}
