package io.mqttoperator.operator.pki;

import java.time.Duration;

/**
 * A certificate authority of our own, signed by itself.
 *
 * @param commonName 1 to 64 characters; {@link CommonName#shortened} makes a longer name fit
 */
public record AuthorityProfile(String commonName, KeyAlgorithm keyAlgorithm, Duration validity)
    implements CertificateProfile {
  public AuthorityProfile {
    CommonName.require(commonName);
    CertificateProfile.requireValidity(validity);
  }
}
