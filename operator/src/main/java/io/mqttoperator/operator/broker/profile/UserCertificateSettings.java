package io.mqttoperator.operator.broker.profile;

import io.mqttoperator.api.KeyRotation;
import io.mqttoperator.api.UserCertificate;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.RenewalWindow;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked of a user's certificate, with every default filled in.
 *
 * @param request of who holds the key, in PEM; empty: the key is made here
 * @param keepsKey whether a renewal does
 * @param pkcs12 whether the Secret has it in that form too
 */
public record UserCertificateSettings(
    Optional<String> request,
    KeyAlgorithm keyAlgorithm,
    boolean keepsKey,
    Duration validity,
    Duration renewBefore,
    boolean pkcs12,
    int generation) {

  /** As the schema has it: one that came past it is refused, and holds up nobody else. */
  private static final Duration SHORTEST = Duration.ofHours(1);

  /**
   * Fills in the defaults.
   *
   * @throws IllegalArgumentException with a sentence, if a value cannot be used
   */
  public static UserCertificateSettings of(UserCertificate asked) {
    if (asked.keyRotation() == KeyRotation.UNKNOWN) {
      throw new IllegalArgumentException(
          "keyRotation: this version of the operator does not know it.");
    }
    var validity = AskedDuration.of(asked.validity(), "2160h");
    if (validity.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("validity: a certificate is valid for at least 1h.");
    }
    return new UserCertificateSettings(
        Optional.ofNullable(asked.csr()),
        CertificateSettings.algorithm(asked.keyAlgorithm()),
        asked.keyRotation() == KeyRotation.NEVER,
        validity,
        asked.renewBefore() == null
            ? RenewalWindow.byDefault(validity)
            : AskedDuration.of(asked.renewBefore(), "0s"),
        Boolean.TRUE.equals(asked.pkcs12()),
        asked.generation() == null ? 1 : asked.generation());
  }

  /** Why it cannot be used, as a sentence. */
  public static Optional<String> problem(UserCertificate asked) {
    try {
      var unused = of(asked);
      return Optional.empty();
    } catch (IllegalArgumentException unusable) {
      return Optional.of(Objects.toString(unusable.getMessage(), ""));
    }
  }
}
