package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands where a broker's spec refers to a Secret of its owner's. */
public sealed interface OfferedSecret {

  /** There is no such Secret. */
  record Absent() implements OfferedSecret {}

  /** The Secret does not carry the label by which its owner offers it. */
  record NotOffered() implements OfferedSecret {}

  /** The operator has made it for this very broker: what another writes into it is undone. */
  record Taken() implements OfferedSecret {}

  /** The Secret, not yet looked into. */
  record Offered(StoredSecret secret) implements OfferedSecret {}

  /** As the broker of this name sees it. */
  static OfferedSecret of(Secret secret, String broker) {
    return Labels.OPERATOR.equals(label(secret, Labels.MANAGED_BY))
            && broker.equals(label(secret, Labels.INSTANCE))
        ? new Taken()
        : of(secret);
  }

  static OfferedSecret of(Secret secret) {
    return isOffered(secret) ? new Offered(new StoredSecret(secret)) : new NotOffered();
  }

  /** Whether its owner offers it to the operator. */
  static boolean isOffered(Secret secret) {
    return "true".equals(label(secret, Labels.CREDENTIALS));
  }

  private static @Nullable String label(Secret secret, String name) {
    var labels = secret.getMetadata().getLabels();
    return labels == null ? null : labels.get(name);
  }

  /**
   * Why it cannot be read; empty if it has all of {@code keys}.
   *
   * @param field of the spec, that refers to it
   * @param name of the Secret
   */
  default Optional<Verdict> problem(String field, String name, String... keys) {
    return switch (this) {
      case Absent absent ->
          refusal(
              Reason.SECRET_NOT_FOUND,
              "%s: there is no Secret %s in this namespace.".formatted(field, name));
      case NotOffered notOffered ->
          refusal(
              Reason.SECRET_NOT_LABELLED,
              "%s: Secret %s is not labelled %s: \"true\", by which its owner offers it to the operator."
                  .formatted(field, name, Labels.CREDENTIALS));
      case Taken taken ->
          refusal(
              Reason.NAME_TAKEN,
              "%s: Secret %s is one that the operator makes for this broker. Choose another name."
                  .formatted(field, name));
      case Offered offered ->
          Arrays.stream(keys)
              .filter(key -> offered.secret().bytes(key).isEmpty())
              .findFirst()
              .flatMap(
                  key ->
                      refusal(
                          Reason.SECRET_KEY_MISSING,
                          "%s: Secret %s has no key %s.".formatted(field, name, key)));
    };
  }

  private static Optional<Verdict> refusal(Reason reason, String message) {
    return Optional.of(Verdict.no(reason, message));
  }
}
