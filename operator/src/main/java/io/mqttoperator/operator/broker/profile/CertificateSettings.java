package io.mqttoperator.operator.broker.profile;

import io.mqttoperator.operator.pki.KeyAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of a certificate, with every default filled in. */
public record CertificateSettings(
    KeyAlgorithm keyAlgorithm,
    Duration validity,
    Duration renewBefore,
    int generation,
    List<String> additionalNames) {

  static KeyAlgorithm algorithm(io.mqttoperator.api.@Nullable KeyAlgorithm asked) {
    return switch (Optional.ofNullable(asked).orElse(io.mqttoperator.api.KeyAlgorithm.ECDSA_P256)) {
      case ECDSA_P256 -> KeyAlgorithm.ECDSA_P256;
      case ECDSA_P384 -> KeyAlgorithm.ECDSA_P384;
      case RSA_2048 -> KeyAlgorithm.RSA_2048;
      case RSA_3072 -> KeyAlgorithm.RSA_3072;
      case RSA_4096 -> KeyAlgorithm.RSA_4096;
      case UNKNOWN ->
          throw new IllegalArgumentException(
              "keyAlgorithm: this version of the operator does not know it.");
    };
  }
}
