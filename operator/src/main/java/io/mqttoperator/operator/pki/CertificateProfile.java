package io.mqttoperator.operator.pki;

import java.time.Duration;

/** What a certificate is for. */
public sealed interface CertificateProfile permits AuthorityProfile, ServerProfile, ClientProfile {
  String commonName();

  KeyAlgorithm keyAlgorithm();

  /**
   * From now to the end of the certificate; more than zero. Cut off where the authority ends
   * sooner.
   */
  Duration validity();

  /** Refuses a validity that no certificate can have. */
  static void requireValidity(Duration validity) {
    if (validity.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "validity is " + validity + ": at least a second is needed");
    }
  }
}
